/** The bell: opens the newest notifications in place, counts in the title, and may ring softly. */

import { ring } from "forum/ringing";

const READ_TIMEOUT_MS = 10_000;
const TITLE_COUNT = /^\(\d+\) /;

class NotificationBell extends HTMLElement {
  #listening;
  #panel = null;
  #count = 0;

  connectedCallback() {
    const { signal } = (this.#listening = new AbortController());
    document.addEventListener("live:applied", this.#counted, { signal });
    this.#count = Number(this.#badge.dataset.count);
    this.#title();
    if (this.#link.hasAttribute("aria-current")) return; // On the list itself it opens nothing.
    this.#link.setAttribute("role", "button");
    this.#link.setAttribute("aria-expanded", "false");
    this.addEventListener("click", this.#click, { signal });
    this.addEventListener("keydown", this.#press, { signal });
    document.addEventListener("click", this.#elsewhere, { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #link() { return this.querySelector("a"); }
  get #badge() { return document.getElementById("bell-count"); }

  #click = (event) => {
    if (!this.#link.contains(event.target) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (this.#panel) this.#close();
    else this.#open();
  };

  #press = (event) => {
    if (event.key === " " && event.target === this.#link) {
      event.preventDefault();
      this.#link.click();
    } else if (event.key === "Escape" && this.#panel) {
      this.#close();
      this.#link.focus();
    }
  };

  #elsewhere = ({ target }) => {
    // What was pressed in the panel may have been replaced by now.
    if (this.#panel && target.isConnected && !this.contains(target)) this.#close();
  };

  async #open() {
    this.#panel = document.createElement("div");
    this.#panel.className = "bell__panel";
    this.#link.setAttribute("aria-expanded", "true");
    try {
      await this.#fill(this.#panel);
    } catch {
      location.assign(this.#link.href); // The page says what is the matter.
    }
  }

  /** What changed while the answer was on its way is not in it: then it is asked for again. */
  async #fill(panel) {
    let seq = -1;
    while (panel === this.#panel && seq < Number(this.#badge.dataset.seq)) {
      const response = await fetch(this.dataset.tray, { credentials: "same-origin", signal: AbortSignal.timeout(READ_TIMEOUT_MS) });
      if (!response.ok || response.redirected) throw new Error(`tray: ${response.status}`);
      panel.innerHTML = await response.text();
      this.append(panel);
      seq = Number(panel.firstElementChild.dataset.seq);
    }
    document.dispatchEvent(new CustomEvent("live:applied", { detail: { ids: [] } })); // its elements' scripts
  }

  #close() {
    this.#panel.remove();
    this.#panel = null;
    this.#link.setAttribute("aria-expanded", "false");
  }

  #counted = () => {
    const count = Number(this.#badge.dataset.count);
    if (count > this.#count && "sound" in this.#badge.dataset) ring();
    this.#count = count;
    this.#title();
  };

  #title() {
    const title = document.title.replace(TITLE_COUNT, "");
    const counted = this.#count ? `(${this.#count}) ${title}` : title;
    if (document.title !== counted) document.title = counted;
  }
}

customElements.define("notification-bell", NotificationBell);
