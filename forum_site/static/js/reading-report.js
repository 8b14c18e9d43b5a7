/** Tells the server what was read, a few posts at a time, and the other tabs what came of it. */

import { asText } from "forum/ranges";
import { send } from "forum/sending";

const SEND_AFTER_MS = 1_500; // what is read meanwhile goes with the same request
const RETRY_AFTER_MS = 15_000;

export class ReadingReport {
  #url;
  #told;
  #waiting = new Set();
  #timer = 0;
  #tabs = new BroadcastChannel("reading");

  /** `told` gets the numbers that the server took. */
  constructor(url, told) {
    this.#url = url;
    this.#told = told;
  }

  get isEmpty() {
    return this.#waiting.size === 0;
  }

  add(number) {
    this.#waiting.add(number);
    this.#timer ||= setTimeout(() => this.flush(), SEND_AFTER_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.#tabs.close();
  }

  /** Sends what waits; it outlives the page. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.isEmpty) return;
    const numbers = [...this.#waiting];
    this.#waiting.clear();
    const answer = await this.#send(numbers).catch(() => null);
    if (answer?.status === 200 && answer.data) this.#take(numbers, answer.data);
    else if (!answer || answer.status === 429 || answer.status >= 500) this.#tryAgain(numbers);
    // Any other answer, the login page too: nobody reads here now.
  }

  #send(numbers) {
    const fields = new FormData();
    fields.set("numbers", asText(numbers));
    return send(this.#url, fields, { keepalive: true });
  }

  #take(numbers, data) {
    this.#told(numbers);
    const { viewer } = document.documentElement.dataset;
    document.dispatchEvent(new CustomEvent("reading:marked", { detail: data }));
    this.#tabs.postMessage({ viewer, ...data });
  }

  #tryAgain(numbers) {
    for (const number of numbers) this.#waiting.add(number);
    this.#timer ||= setTimeout(() => this.flush(), RETRY_AFTER_MS);
  }
}
