/** Lets whoever asked choose the answer in place. The server judges the right again. */

import { apply } from "forum/live/apply";
import { goToLogin, isLoginPage, refusals, send } from "forum/sending";

class AcceptAnswer extends HTMLElement {
  #isSending = false;

  connectedCallback() {
    this.hidden = !this.#form;
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  /** On the page only for those who may choose. */
  get #form() {
    return document.getElementById("accept");
  }

  #click = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    if (!this.#isSending) this.#send(button);
  };

  async #send(button) {
    this.#isSending = true;
    button.setAttribute("aria-busy", "true");
    const fields = new FormData();
    fields.set("on", button.getAttribute("aria-pressed") === "true" ? "0" : "1");
    try {
      this.#take(await send(button.getAttribute("formaction"), fields));
    } catch {
      this.#say([]);
    } finally {
      this.#isSending = false;
      button.removeAttribute("aria-busy");
    }
  }

  #take(answer) {
    if (isLoginPage(answer)) goToLogin();
    else if (answer.data?.html) apply(answer.data.html);
    else this.#say(refusals(answer.data));
  }

  #say(sentences) {
    let alert = this.querySelector("[role=alert]");
    if (!alert) {
      alert = document.createElement("span");
      alert.setAttribute("role", "alert");
      this.append(alert);
    }
    alert.textContent = sentences.join(" ") || this.#form?.dataset.failed || "";
  }
}

customElements.define("accept-answer", AcceptAnswer);
