/** Shows the box that says yes to numbers in a text, when the server has asked about them. */

class SendAnyway extends HTMLElement {
  #listening;

  connectedCallback() {
    const { signal } = (this.#listening = new AbortController());
    const form = this.closest("form");
    form?.addEventListener("composer:refused", ({ detail }) => this.#ask(detail?.ask), { signal });
    form?.addEventListener("composer:sent", () => this.#ask(""), { signal });
  }

  connectedMoveCallback() {} // The composer moves within the page.

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #box() {
    return this.querySelector("input");
  }

  /** `mark` names the numbers that were found: a yes to them is no yes to others. */
  #ask(mark = "") {
    if (mark === this.#box.value && mark) return;
    this.#box.checked = false;
    this.#box.value = mark;
    this.hidden = mark === "";
  }
}

customElements.define("send-anyway", SendAnyway);
