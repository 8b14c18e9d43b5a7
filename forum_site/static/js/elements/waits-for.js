/** How long a question has waited for its first answer, in the words of the list around it. */

import { sentence } from "forum/plurals";

const REFRESH_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

class WaitsFor extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.refresh();
    this.#timer = setInterval(() => this.refresh(), REFRESH_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  refresh() {
    const words = this.closest("[data-hour-one]");
    const time = this.querySelector("time");
    if (!words || !time) return;
    const hours = Math.floor((Date.now() - Date.parse(time.dateTime)) / HOUR_MS);
    const text = said(words, hours);
    if (time.textContent !== text) time.textContent = text;
  }
}

function said(words, hours) {
  if (hours < 1) return words.dataset.new;
  if (hours < DAY_HOURS) return sentence(words, hours, "hour");
  return sentence(words, Math.floor(hours / DAY_HOURS), "day");
}

customElements.define("waits-for", WaitsFor);
