/** "Unread from here" in the footer of a post, for a reader whose page keeps read marks. */

const form = document.getElementById("unread");

// What stood on the screen must not be marked as read again on the way out.
form?.addEventListener("submit", () => document.querySelector("read-marks")?.remove());

class UnreadFrom extends HTMLElement {
  connectedCallback() {
    this.hidden = form === null;
  }
}

customElements.define("unread-from", UnreadFrom);
