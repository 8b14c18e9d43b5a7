/** Notifications are marked in place; what came of it arrives over the member's own stream. */

import { goToLogin, isLoginPage, send } from "forum/sending";

class NotificationList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  #click = async (event) => {
    const button = event.target.closest("button[formaction]");
    if (!button || button.getAttribute("aria-busy")) return;
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await send(button.getAttribute("formaction"), new URLSearchParams());
      if (isLoginPage(answer)) goToLogin();
      else if (answer.status !== 200) this.#asForm(button);
      else this.#leave(button);
    } catch {
      this.#asForm(button);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  /** The button has no place in what its group is now: the focus waits beside it. */
  #leave(button) {
    if (document.activeElement !== button) return;
    button.closest("[data-kind]")?.querySelector("a").focus({ preventScroll: true });
  }

  /** Sent once more as a page: its answer says what is the matter. Marking twice is harmless. */
  #asForm(button) {
    button.form?.requestSubmit(button);
  }
}

customElements.define("notification-list", NotificationList);
