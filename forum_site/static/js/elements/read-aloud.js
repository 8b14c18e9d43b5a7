/** Reads a post aloud, or the part of it that is selected. */

import { speak, stopSpeaking } from "forum/speech";

class ReadAloud extends HTMLElement {
  #selected = "";

  connectedCallback() {
    if (!("speechSynthesis" in globalThis)) return;
    this.hidden = false;
    this.addEventListener("pointerdown", this.#remember);
    this.addEventListener("click", this.#click);
    this.#show("");
  }

  disconnectedCallback() {
    this.removeEventListener("pointerdown", this.#remember);
    this.removeEventListener("click", this.#click);
    if (this.dataset.state) stopSpeaking();
  }

  get #words() {
    return document.getElementById(this.dataset.for)?.querySelector(".post__words");
  }

  /** Some browsers drop the selection before the click arrives. */
  #remember = () => {
    this.#selected = this.#selection();
  };

  #click = (event) => {
    const part = event.target.closest("[data-part=toggle], [data-part=stop]")?.dataset.part;
    if (part === "stop") stopSpeaking();
    else if (part === "toggle") this.#toggle();
  };

  #toggle() {
    if (this.dataset.state === "playing") {
      speechSynthesis.pause();
      this.#show("paused");
    } else if (this.dataset.state === "paused") {
      speechSynthesis.resume();
      this.#show("playing");
    } else {
      this.#start();
    }
  }

  #start() {
    const words = this.#words;
    if (!words) return;
    const text = this.#selection() || this.#selected || words.innerText;
    const language = words.closest("[lang]")?.lang || "pl";
    speak(text, language, () => this.#show(""));
    this.#show("playing");
  }

  #selection() {
    const selection = getSelection();
    const isHere = this.#words && selection.rangeCount > 0 && !selection.isCollapsed &&
      this.#words.contains(selection.getRangeAt(0).commonAncestorContainer);
    return isHere ? selection.toString().trim() : "";
  }

  #show(state) {
    const toggle = this.querySelector("[data-part=toggle]");
    const stop = this.querySelector("[data-part=stop]");
    const { listen, pause, resume } = toggle.dataset;
    const text = { playing: pause, paused: resume }[state] ?? listen;
    (toggle.querySelector("[data-part=label]") ?? toggle).textContent = text;
    if (state) this.dataset.state = state;
    else this.#fallSilent();
    if (stop) stop.hidden = !state;
  }

  #fallSilent() {
    this.#selected = "";
    if (!this.dataset.state) return;
    delete this.dataset.state;
    // A newer version of the post may have waited for the end of the reading.
    this.dispatchEvent(new Event("live:release", { bubbles: true }));
  }
}

customElements.define("read-aloud", ReadAloud);
