/** Keeps a post for later in place; then offers a line for a note. */

import { goToLogin, isLoginPage, refusals, send } from "forum/sending";

const noteLine = () => document.getElementById("save-note").content.cloneNode(true);

class SavePost extends HTMLElement {
  #isSending = false;

  connectedCallback() {
    this.hidden = !this.#form;
    this.addEventListener("click", this.#click);
    this.addEventListener("keydown", this.#press);
    if (this.#form) this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#click);
    this.removeEventListener("keydown", this.#press);
  }

  /** What the member keeps stands on the page once, so that fragments are the same for all. */
  get #form() {
    return document.getElementById("save");
  }

  get #kept() { return new Set(this.#form.dataset.saved.split(" ").filter(Boolean)); }
  get #button() { return this.querySelector("[formaction]"); }
  get #note() { return this.querySelector("[data-part=note]"); }

  #click = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    const note = this.#note?.querySelector("input").value;
    if (button.dataset.part === "keep") this.#send({ on: "1", note });
    else this.#send({ on: this.#kept.has(this.dataset.post) ? "0" : "1" });
  };

  #press = (event) => {
    if (!this.#note?.contains(event.target)) return;
    const isEnter = event.key === "Enter" && event.target.matches("input");
    if (!isEnter && event.key !== "Escape") return;
    event.preventDefault(); // on Escape the note closes, its menu stays
    if (isEnter) this.#note.querySelector("[data-part=keep]").click();
    else this.#close();
  };

  async #send(wishes) {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#button.setAttribute("aria-busy", "true");
    const fields = new URLSearchParams(wishes);
    try {
      this.#take(await send(this.#button.getAttribute("formaction"), fields), "note" in wishes);
    } catch {
      this.#say([]);
    } finally {
      this.#isSending = false;
      this.#button.removeAttribute("aria-busy");
    }
  }

  #take(answer, isNoted) {
    if (isLoginPage(answer)) return goToLogin();
    if (answer.data?.saved === undefined) return this.#say(refusals(answer.data));
    const kept = this.#kept;
    if (answer.data.saved) kept.add(this.dataset.post);
    else kept.delete(this.dataset.post);
    this.#form.dataset.saved = [...kept].join(" ");
    this.#show();
    this.#close();
    if (answer.data.saved && !isNoted) this.append(noteLine());
  }

  #show() {
    const isOn = this.#kept.has(this.dataset.post);
    this.#button.setAttribute("aria-pressed", String(isOn));
    this.querySelector("[data-part=label]").textContent = this.#button.dataset[isOn ? "on" : "off"];
  }

  #close() {
    const hadFocus = this.#note?.contains(document.activeElement);
    this.#note?.remove();
    this.querySelector("[role=alert]")?.remove();
    if (hadFocus) this.#button.focus();
  }

  #say(sentences) {
    const alert = this.querySelector("[role=alert]") ?? document.createElement("span");
    alert.setAttribute("role", "alert");
    this.append(alert);
    alert.textContent = sentences.join(" ") || this.#form.dataset.failed;
  }
}

customElements.define("save-post", SavePost);
