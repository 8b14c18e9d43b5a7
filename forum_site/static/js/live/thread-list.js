/** A list of threads, the one with the newest post first, and the rows that wait to be shown. */

import { isNewer, replaceWhenQuiet } from "forum/live/replacing";

export class ThreadList {
  #container;
  #aside = new Map();
  #newestAtFirst;

  constructor(container) {
    this.#container = container;
    this.#newestAtFirst = this.#keys()[0] ?? "";
  }

  offer(fragment) {
    if (!document.getElementById(fragment.id) && !this.#takesIn(fragment.dataset)) return;
    const present = this.#aside.get(fragment.id);
    if (!present || isNewer(fragment, present)) this.#aside.set(fragment.id, fragment);
  }

  /** Whether a row that is not on the page belongs to what the list shows. */
  #takesIn(row) {
    const { template, chosen, takes, newerThan } = this.#container.dataset;
    if (chosen !== undefined) return false; // only the server knows
    if (template && row.template !== template) return false;
    if (takes && !(takes in row)) return false; // "waits", "official": marks of the rows
    return !newerThan || row.key > newerThan;
  }

  /** A row that left its category waits no longer. */
  forget({ id, dataset }) {
    if (this.#aside.get(id)?.dataset.category === dataset.category) this.#aside.delete(id);
  }

  take(id) {
    const fragment = this.#aside.get(id);
    this.#aside.delete(id);
    return fragment;
  }

  /** How many rows wait to come in or move up; on a later page, how many for the first one. */
  refresh() {
    for (const [id, fragment] of this.#aside) {
      const present = document.getElementById(id);
      if (!present) continue;
      this.#aside.delete(id);
      replaceWhenQuiet(present, fragment);
    }
    const count = this.#waiting().length + this.#misplaced().length;
    return this.#hasEarlier ? { here: 0, later: count } : { here: count, later: 0 };
  }

  /** Sorts the waiting rows in, trims the page to its size; gives the new and the moved rows. */
  reveal() {
    if (this.#hasEarlier) return [];
    const fresh = [...this.#waiting().map((row) => this.take(row.id)), ...this.#misplaced()];
    const rows = [...new Set([...this.#rows(), ...fresh])].sort((one, other) => byTextDescending(this.#key(one), this.#key(other)));
    const kept = rows.slice(0, this.#limit);
    rows.slice(this.#limit).forEach((row) => row.remove());
    kept.forEach((row, index) => this.#putAt(row, index));
    return kept.filter((row) => fresh.includes(row));
  }

  get #hasEarlier() {
    return this.#container.dataset.hasEarlier === "true";
  }

  get #limit() {
    const { hasLater, pageSize } = this.#container.dataset;
    const pinned = this.#rows().filter((row) => this.#key(row) !== row.dataset.key).length;
    return hasLater === "true" && pageSize ? Number(pageSize) + pinned : Infinity;
  }

  #rows() {
    return [...this.#container.querySelectorAll(":scope > [data-kind=thread]")];
  }

  /** What the list is sorted by: in its category a pinned thread stands above all others. */
  #key({ dataset }) {
    const isAbove = "pinned" in dataset && "pinnedFirst" in this.#container.dataset;
    return isAbove ? `~${dataset.key}` : dataset.key;
  }

  #keys() {
    return this.#rows().map((row) => this.#key(row));
  }

  /** Rows that are not on the page and newer than its last one, which else are on a later page. */
  #waiting() {
    const rows = [...this.#aside.values()];
    if (this.#hasEarlier) return rows.filter((row) => this.#key(row) > this.#newestAtFirst);
    if (this.#container.dataset.hasLater !== "true") return rows;
    const oldest = this.#keys().sort()[0] ?? "";
    return rows.filter((row) => this.#key(row) > oldest);
  }

  /** Rows on the page, replaced in place, that by now belong further up. */
  #misplaced() {
    const rows = this.#rows();
    if (this.#hasEarlier) return rows.filter((row) => this.#key(row) > this.#newestAtFirst);
    return rows.filter((row, index) =>
      rows.slice(0, index).some((other) => this.#key(other) < this.#key(row)),
    );
  }

  #putAt(row, index) {
    const present = this.#rows()[index];
    if (present === row) return;
    if (present) present.before(row);
    else this.#container.append(row);
  }
}

function byTextDescending(one, other) {
  if (one === other) return 0;
  return one < other ? 1 : -1;
}
