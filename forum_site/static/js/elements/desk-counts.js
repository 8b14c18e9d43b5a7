/**
 * How much waits at the desk: a fragment without a face. Whatever on the page shows one of its
 * numbers follows it.
 */

import { sentence } from "forum/plurals";

class DeskCounts extends HTMLElement {
  connectedCallback() {
    for (const place of document.querySelectorAll("[data-waiting]")) this.#write(place);
    for (const place of document.querySelectorAll("[data-counted]")) this.#say(place);
  }

  #write(place) {
    const count = this.#count(place.dataset.waiting);
    const text = count.toLocaleString(document.documentElement.lang);
    if (place.textContent !== text) place.textContent = text;
    if ("hideZero" in place.dataset) place.hidden = count === 0;
  }

  /** A status line: the same words again would be read aloud again. */
  #say(place) {
    const count = this.#count(place.dataset.counted);
    const text = count === 0 ? (place.dataset.none ?? "") : sentence(place, count);
    if (place.textContent !== text) place.textContent = text;
  }

  /** "texts" are all but organizations: what elected moderators decide about. */
  #count(name) {
    const { all, verification } = this.dataset;
    return name === "texts" ? Number(all) - Number(verification) : Number(this.dataset[name] ?? 0);
  }
}

customElements.define("desk-counts", DeskCounts);
