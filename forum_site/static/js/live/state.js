/** What the page knows about its own connection; <live-state> tells it to the reader. */

class LiveState extends EventTarget {
  #name = "connecting";
  #since = null;

  get name() {
    return this.#name;
  }

  /** When the connection was lost, as a Date; null while it is not. */
  get since() {
    return this.#since;
  }

  set(name, since = null) {
    if (name === this.#name) return;
    this.#name = name;
    this.#since = since;
    this.dispatchEvent(new Event("change"));
  }
}

export const liveState = new LiveState();
