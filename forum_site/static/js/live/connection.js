/** The one socket of a page: opened, watched, and opened again for as long as the page lives. */

import { backoffMs, between } from "forum/live/backoff";

export const LOGGED_OUT = 4001;
export const RIGHT_LOST = 4003;
const SERVER_RESTARTS = 4012;
const UNWELCOME = new Set([4000, 4029]); // not understood; too many from this address

const AFTER_RESTART_MS = [200, 2_000];
const AFTER_UNWELCOME_MS = [30_000, 60_000];
const OPEN_TIMEOUT_MS = 10_000;
const SILENCE_MS = 120_000; // without a frame; then the page asks whether the socket lives
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Events: `open`, `frame` (detail: the frame), `lost` (detail: failures in a row),
 * `ended` (detail: the close code, after which it does not come back).
 */
export class Connection extends EventTarget {
  #url;
  #joining;
  #socket = null;
  #failures = 0;
  #retry = 0;
  #watch = 0;

  /** `joining()` gives the streams to join with the numbers the page has seen. */
  constructor(url, joining) {
    super();
    this.#url = url;
    this.#joining = joining;
  }

  start() {
    addEventListener("online", this.#nudge);
    addEventListener("offline", this.#drop);
    addEventListener("pageshow", this.#nudge);
    document.addEventListener("visibilitychange", this.#nudge);
    this.#open();
  }

  stop() {
    removeEventListener("online", this.#nudge);
    removeEventListener("offline", this.#drop);
    removeEventListener("pageshow", this.#nudge);
    document.removeEventListener("visibilitychange", this.#nudge);
    clearTimeout(this.#retry);
    this.#forget()?.close();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Says something that the server may miss: nothing waits for it, and nothing repeats it. */
  hint(wish) {
    if (this.isOpen) this.#socket.send(JSON.stringify(wish));
  }

  /** The page came back to a reader or to a network: what was missed is wanted now. */
  #nudge = (event) => {
    if (document.visibilityState === "hidden") return;
    if (event.type === "pageshow" && !event.persisted) return;
    this.dispatchEvent(new Event("nudge"));
    if (this.isOpen) this.#ask();
    else if (!this.#socket) this.#open();
  };

  #open() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#expectWithin(OPEN_TIMEOUT_MS);
    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      this.dispatchEvent(new Event("open"));
      this.#ask();
    });
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#take(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#lost(event.code);
    });
  }

  /** Joins (again): the answer tells the numbers, or by its absence that the socket is dead. */
  #ask() {
    this.#socket.send(JSON.stringify({ join: this.#joining() }));
    this.#expectWithin(ANSWER_TIMEOUT_MS);
  }

  #take(text) {
    this.#failures = 0;
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#ask(), SILENCE_MS);
    this.dispatchEvent(new CustomEvent("frame", { detail: JSON.parse(text) }));
  }

  #expectWithin(ms) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(this.#drop, ms);
  }

  /** Gives the socket up without waiting for its close, which on a dead network takes minutes. */
  #drop = () => {
    const socket = this.#socket;
    if (!socket) return;
    this.#lost(0);
    socket.close();
  };

  #lost(code) {
    this.#forget();
    if (code === LOGGED_OUT || code === RIGHT_LOST) {
      this.stop();
      this.dispatchEvent(new CustomEvent("ended", { detail: code }));
      return;
    }
    this.#retry = setTimeout(() => this.#open(), this.#pauseMs(code));
    this.#failures += 1;
    this.dispatchEvent(new CustomEvent("lost", { detail: this.#failures }));
  }

  #forget() {
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#watch);
    return socket;
  }

  #pauseMs(code) {
    if (UNWELCOME.has(code)) return between(...AFTER_UNWELCOME_MS);
    if (code === SERVER_RESTARTS && this.#failures === 0) return between(...AFTER_RESTART_MS);
    return backoffMs(this.#failures);
  }
}
