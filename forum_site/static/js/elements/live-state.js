/** The honest line: what this page knows about its own connection. */

import { liveState } from "forum/live/state";

const QUIET_MS = 1_000; // a catch-up shorter than this is not worth a word
const WITH_RELOAD = new Set(["logged-out", "refused"]);

class LiveStateLine extends HTMLElement {
  #pause = 0;

  connectedCallback() {
    // Of a page where only the bell is live the line would promise too much.
    if (!document.querySelector("[data-streams]:not(notification-bell)")) return;
    liveState.addEventListener("change", this.#show);
    this.#show();
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
    liveState.removeEventListener("change", this.#show);
  }

  #show = () => {
    clearTimeout(this.#pause);
    this.dataset.state = liveState.name;
    if (liveState.name === "catching-up") this.#pause = setTimeout(this.#say, QUIET_MS);
    else this.#say();
  };

  #say = () => {
    const text = this.#text();
    // The line is a live region: writing the same words again would be read aloud again.
    if (this.textContent === text) return;
    this.textContent = text;
    if (WITH_RELOAD.has(liveState.name)) this.append(" ", this.#reloadLink());
  };

  #text() {
    const key = liveState.name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    return (this.dataset[key] ?? "").replace("{time}", clock(liveState.since));
  }

  #reloadLink() {
    const link = document.createElement("a");
    link.href = location.pathname + location.search;
    link.textContent = this.dataset.reload;
    return link;
  }
}

function clock(moment) {
  const style = { hour: "2-digit", minute: "2-digit" };
  return moment ? moment.toLocaleTimeString(document.documentElement.lang, style) : "";
}

customElements.define("live-state", LiveStateLine);
