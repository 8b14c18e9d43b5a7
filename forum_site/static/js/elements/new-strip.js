/** The strip "3 new replies": what is new waits behind it until the reader asks for it. */

import { inside, refreshLists, reveal } from "forum/live/lists";
import { focusGently } from "forum/live/steady";
import { sentence } from "forum/plurals";

const ANNOUNCE_EVERY_MS = 10_000;

class NewStrip extends HTMLElement {
  #list;
  #said;
  #announcing = 0;
  #announcedAt = -Infinity;

  connectedCallback() {
    this.#list = this.dataset.for
      ? document.getElementById(this.dataset.for)
      : document.querySelector("[data-list]");
    if (!this.#list) return;
    this.#said = make("p", { className: "visually-hidden", ariaLive: "polite" });
    this.after(this.#said);
    this.#list.addEventListener("live:waiting", this.#show);
    this.#part("here", "button").addEventListener("click", this.#reveal);
    refreshLists();
  }

  disconnectedCallback() {
    clearTimeout(this.#announcing);
    this.#list?.removeEventListener("live:waiting", this.#show);
    this.#part("here", "button").removeEventListener("click", this.#reveal);
    this.#said?.remove();
  }

  #part(name, tag) {
    const present = this.querySelector(`[data-part="${name}"]`);
    if (present) return present;
    const part = make(tag, { className: "pill", hidden: true });
    if (tag === "button") part.type = "button";
    part.dataset.part = name;
    this.append(part);
    return part;
  }

  #show = ({ detail: { here, later, laterUrl } }) => {
    const button = this.#part("here", "button");
    const link = this.#part("later", "a");
    button.hidden = here === 0;
    link.hidden = later === 0;
    if (here > 0) write(button, sentence(this, here));
    if (later > 0) write(link, sentence(this, later, "later"));
    const url = laterUrl || this.dataset.laterUrl;
    if (url) link.href = url;
    this.hidden = here + later === 0;
    this.#announceSoon();
  };

  #announceSoon() {
    clearTimeout(this.#announcing);
    const pause = Math.max(0, this.#announcedAt + ANNOUNCE_EVERY_MS - performance.now());
    this.#announcing = setTimeout(() => this.#announce(), pause);
  }

  #announce() {
    const shown = [...this.querySelectorAll("[data-part]:not([hidden])")];
    const text = shown.map((part) => part.textContent).join(". ");
    if (this.#said.textContent === text) return;
    this.#said.textContent = text;
    if (text) this.#announcedAt = performance.now();
  }

  #reveal = () => {
    const [first] = reveal(inside(this.#list));
    // A row is not focusable, the link in it is.
    const target = first?.matches("[tabindex]") ? first : first?.querySelector("a");
    if (target) focusGently(target);
  };
}

function write(part, text) {
  const label = part.querySelector("[data-part=label]") ?? part;
  if (label.textContent !== text) label.textContent = text;
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

customElements.define("new-strip", NewStrip);
