/** Thanks or support given and taken back in place; the post's new fragment shows the result. */

import { apply } from "forum/live/apply";
import { goToLogin, isLoginPage, refusals, send } from "forum/sending";

class ReactionButton extends HTMLElement {
  #isSending = false;

  connectedCallback() {
    this.addEventListener("click", this.#click);
    this.#button?.setAttribute("aria-pressed", String(this.#isOn));
    if (this.#button) this.#button.disabled = this.#isOwn;
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
  }

  get #button() {
    return this.querySelector("button");
  }

  get #isOn() {
    const { viewer } = document.documentElement.dataset;
    return Boolean(viewer) && (this.dataset.by ?? "").split(/\s+/).includes(viewer);
  }

  get #isOwn() {
    const { viewer } = document.documentElement.dataset;
    return Boolean(viewer) && this.closest(".post")?.dataset.author === viewer;
  }

  #click = (event) => {
    if (!event.target.closest("button")) return;
    event.preventDefault();
    if (!document.documentElement.dataset.viewer) goToLogin();
    else if (!this.#isSending) this.#send();
  };

  async #send() {
    this.#isSending = true;
    this.#button.setAttribute("aria-busy", "true");
    try {
      this.#take(await send(this.#button.getAttribute("formaction"), this.#fields()));
    } catch {
      this.#say([this.#failed]);
    } finally {
      this.#isSending = false;
      this.#button?.removeAttribute("aria-busy");
    }
  }

  #fields() {
    const fields = new FormData();
    const { name, value } = this.#button;
    fields.set(name, value);
    fields.set("voice", voiceOnThePage());
    fields.set("on", this.#isOn ? "0" : "1");
    return fields;
  }

  #take(answer) {
    if (isLoginPage(answer)) goToLogin();
    else if (answer.data?.html) apply(answer.data.html);
    else this.#say(refusals(answer.data));
  }

  get #failed() {
    return document.getElementById("react")?.dataset.failed ?? "";
  }

  #say(sentences) {
    let alert = this.querySelector("[role=alert]");
    if (!alert) {
      alert = document.createElement("span");
      alert.setAttribute("role", "alert");
      this.append(alert);
    }
    alert.textContent = sentences.join(" ") || this.#failed;
  }
}

/** As the composer says, where there is one; else the voice used last. */
function voiceOnThePage() {
  const chosen = document.querySelector("#composer [name=voice]");
  return (chosen ?? document.querySelector("#react [name=voice]"))?.value ?? "";
}

customElements.define("reaction-button", ReactionButton);
