/** The queue of the desk, the most urgent first: what is new comes in at once, what is done goes. */

import { isNewer, replaceWhenQuiet } from "forum/live/replacing";
import { keepSteady } from "forum/live/steady";

export class CaseList {
  #container;
  #aside = new Map();

  constructor(container) {
    this.#container = container;
    // A row may be replaced later than it came: once nothing in it is held any more.
    document.addEventListener("live:applied", () => this.#markCurrent());
    this.#markCurrent();
  }

  offer(fragment) {
    const present = this.#aside.get(fragment.id);
    if (!present || isNewer(fragment, present)) this.#aside.set(fragment.id, fragment);
  }

  take(id) {
    const fragment = this.#aside.get(id);
    this.#aside.delete(id);
    return fragment;
  }

  /** A case that is done leaves the queue; whoever stands in its row goes to the next one. */
  forget({ id }) {
    this.#aside.delete(id);
    const row = document.getElementById(id);
    if (row) this.#leave(row);
  }

  /** Puts the rows where they belong. Nothing waits here for the reader's word. */
  refresh() {
    for (const [id, fragment] of this.#aside) {
      const present = document.getElementById(id);
      if (!present) continue;
      this.#aside.delete(id);
      replaceWhenQuiet(present, fragment);
    }
    keepSteady(() => this.#settle());
    this.#markCurrent();
    return null;
  }

  reveal() {
    return [];
  }

  #settle() {
    for (const row of this.#rows().filter((each) => !this.#belongs(each))) {
      this.#leave(row);
      row.remove();
    }
    for (const row of [...this.#aside.values()].filter((each) => this.#belongs(each))) {
      if (!this.#isOnThisPage(row)) continue;
      this.#aside.delete(row.id);
      row.dataset.new = "";
      this.#insert(row);
    }
    this.#sort();
  }

  /** What presses more than before moves up, unless the keyboard is among the rows. */
  #sort() {
    if (this.#container.contains(document.activeElement)) return;
    const sorted = this.#rows().sort(byUrgency);
    sorted.forEach((row, index) => {
      const present = this.#rows()[index];
      if (present !== row) present.before(row);
    });
  }

  #insert(row) {
    const next = this.#rows().find((other) => byUrgency(row, other) < 0);
    if (next) next.before(row);
    else this.#container.append(row);
  }

  #rows() {
    return [...this.#container.querySelectorAll(":scope > [data-kind=case]")];
  }

  #belongs({ dataset }) {
    const { filter, without } = this.#container.dataset;
    const waits = (dataset.waits ?? "").split(" ");
    return (!filter || waits.includes(filter)) && !waits.includes(without);
  }

  /** What is less urgent than the last row stands on a later page, and likewise before the first. */
  #isOnThisPage(row) {
    const { hasLater, hasEarlier } = this.#container.dataset;
    const rows = this.#rows();
    if (hasLater === "true" && rows.length > 0 && byUrgency(row, rows.at(-1)) > 0) return false;
    return hasEarlier !== "true" || (rows.length > 0 && byUrgency(row, rows[0]) > 0);
  }

  #leave(row) {
    if (!row.contains(document.activeElement)) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    (next?.querySelector("a") ?? document.getElementById("main"))?.focus();
  }

  #markCurrent() {
    const { current } = this.#container.dataset;
    if (current) document.getElementById(current)?.setAttribute("aria-current", "true");
  }
}

/** By the moment by which it should be done: what is urgent counts as waiting longer. */
function byUrgency(one, other) {
  return Date.parse(one.dataset.due) - Date.parse(other.dataset.due);
}
