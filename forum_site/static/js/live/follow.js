/**
 * The gap rule of one stream. A frame is a hint that may be lost, doubled, late or out of order;
 * the changes door is the truth. No DOM here: reading and applying are given from outside.
 */
export class Follower {
  #seen;
  #wanted;
  #again = false;
  #run = null;
  #read;
  #apply;

  /**
   * `read(since)` promises `{seq, html, more}`, the changes after that number;
   * `apply(html)` puts them on the page and may be called with the same change twice.
   */
  constructor({ seen, read, apply }) {
    this.#seen = seen;
    this.#wanted = seen;
    this.#read = read;
    this.#apply = apply;
  }

  /** The change number up to which the page is complete. */
  get seen() {
    return this.#seen;
  }

  get isBehind() {
    return this.#run !== null || this.#wanted > this.#seen;
  }

  /** Takes a frame; a promise of the catch-up when one is needed, else null. */
  receive(seq, html) {
    if (seq <= this.#seen) return null;
    if (html !== undefined && seq === this.#seen + 1) {
      this.#apply(html);
      this.#seen = seq;
      return null;
    }
    this.#wanted = Math.max(this.#wanted, seq);
    return this.#run ?? this.catchUp();
  }

  /** Reads what has changed. One reading at a time: a call during one asks for a further one. */
  catchUp() {
    this.#again = true;
    this.#run ??= this.#readUntilLevel().finally(() => {
      this.#run = null;
    });
    return this.#run;
  }

  async #readUntilLevel() {
    while (this.#again || this.#wanted > this.#seen) {
      this.#again = false;
      const before = this.#seen;
      await this.#readAll();
      if (this.#wanted > this.#seen && this.#seen === before && !this.#again) {
        throw new Error(`the changes end at ${before}, announced was ${this.#wanted}`);
      }
    }
  }

  async #readAll() {
    let more = true;
    while (more) {
      const changes = await this.#read(this.#seen);
      this.#apply(changes.html);
      // A frame may have moved `seen` further while the answer was on its way.
      more = changes.more && changes.seq > this.#seen;
      this.#seen = Math.max(this.#seen, changes.seq);
    }
  }
}
