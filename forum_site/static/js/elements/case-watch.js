/**
 * An open case: tells the others that it is looked at, for as long as the page is seen, and says
 * when somebody else looks at it too or has changed it.
 */

import { send } from "forum/sending";

const SAY_EVERY_MS = 60_000; // the server forgets after a few minutes

class CaseWatch extends HTMLElement {
  #listening;
  #timer = 0;

  connectedCallback() {
    const { signal } = (this.#listening = new AbortController());
    this.hidden = false;
    document.addEventListener("live:applied", ({ detail }) => this.#look(detail), { signal });
    document.addEventListener("visibilitychange", () => this.#take(), { signal });
    addEventListener("pagehide", () => this.#giveBack(), { signal });
    if (this.dataset.take) this.#take();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#listening.abort();
  }

  async #take() {
    clearTimeout(this.#timer);
    if (!this.dataset.take || document.visibilityState === "hidden") return;
    this.#timer = setTimeout(() => this.#take(), SAY_EVERY_MS);
    try {
      const { status } = await send(this.dataset.take, new FormData());
      // Closed by now, or no longer for this reader: nothing to hold.
      if (status >= 400) clearTimeout(this.#timer);
    } catch {
      // Nobody answered: a hint is missing, and the next one comes in a minute.
    }
  }

  #giveBack() {
    if (this.dataset.giveBack) {
      send(this.dataset.giveBack, new FormData(), { keepalive: true }).catch(() => {});
    }
  }

  #look({ fragments = [] }) {
    const row = fragments.find(({ id }) => id === this.dataset.case);
    if (!row) return;
    const { version, leaseBy, leaseName, leaseUntil } = row.dataset;
    const isOther = leaseBy && leaseBy !== document.documentElement.dataset.viewer;
    const isNow = Date.parse(leaseUntil) > Date.now();
    this.#say("other", isOther && isNow ? this.dataset.other.replace("{name}", leaseName) : "");
    const isMoved = "gone" in row.dataset || version !== this.dataset.version;
    if (isMoved) this.#say("moved", this.dataset.moved);
  }

  #say(part, text) {
    const line = this.querySelector(`[data-part=${part}]`);
    const words = line.querySelector("[data-part=words]");
    if (words.textContent !== text) words.textContent = text;
    line.hidden = text === "";
  }
}

customElements.define("case-watch", CaseWatch);
