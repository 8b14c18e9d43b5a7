/** Groups of notifications, the one that changed last first. They do not wait behind a strip. */

import { isNewer } from "forum/live/replacing";

export class NotificationList {
  #container;
  #aside = new Map(); // came while the reader points at the list, or does not belong on this page

  constructor(container) {
    this.#container = container;
  }

  offer(fragment) {
    const present = this.#aside.get(fragment.id);
    if (!present || isNewer(fragment, present)) this.#aside.set(fragment.id, fragment);
  }

  forget({ id }) {
    this.#aside.delete(id);
  }

  take(id) {
    const fragment = this.#aside.get(id);
    this.#aside.delete(id);
    return fragment;
  }

  /** Sorts the groups, new ones in; not under the reader's hand. Nothing ever waits for a word. */
  refresh() {
    if (!this.#container.matches(":hover, :focus-within") || this.#rows().length === 0) this.#sort();
    return null;
  }

  reveal() {
    return [];
  }

  #sort() {
    for (const [id, fragment] of this.#aside) {
      if (!this.#belongs(fragment)) continue;
      this.#aside.delete(id);
      this.#container.append(fragment);
    }
    const rows = this.#rows().sort((one, other) => (one.dataset.key < other.dataset.key ? 1 : -1));
    rows.forEach((row, place) => {
      const present = this.#rows()[place];
      if (present !== row) present.before(row);
    });
    const { limit } = this.#container.dataset;
    if (limit) rows.slice(Number(limit)).forEach((row) => row.remove());
  }

  /** What is older than the last group of this page stands on a later one. */
  #belongs({ dataset }) {
    if (this.#container.dataset.hasEarlier === "true") return false;
    if (this.#container.dataset.hasLater !== "true") return true;
    const keys = this.#rows().map((row) => row.dataset.key).sort();
    return keys.length === 0 || dataset.key > keys[0];
  }

  #rows() {
    return [...this.#container.querySelectorAll(":scope > [data-kind=notification]")];
  }
}
