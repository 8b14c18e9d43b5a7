/** Where the reader is in the thread, and where the unread posts are. */

import { sentence } from "forum/plurals";

const TRACK_PARTS = 100; // the width of the drawing
const SVG = "http://www.w3.org/2000/svg";

class JumpRail extends HTMLElement {
  #last = 0;
  #frame = 0;

  connectedCallback() {
    this.#last = Number(document.getElementById("posts")?.dataset.lastNumber ?? 0);
    document.addEventListener("scroll", this.#soon, { passive: true });
    document.addEventListener("live:applied", this.#soon);
    document.addEventListener("reading:marked", this.#take);
    this.#soon();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("scroll", this.#soon);
    document.removeEventListener("live:applied", this.#soon);
    document.removeEventListener("reading:marked", this.#take);
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  #soon = () => {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#show();
    });
  };

  #show() {
    const posts = [...document.querySelectorAll("#posts .post[data-number]")];
    if (posts.length === 0) return;
    const numbers = posts.map(({ dataset }) => Number(dataset.number));
    this.#last = Math.max(this.#last, ...numbers);
    // The post that ends on the screen last is the one that was read to its end.
    const ended = posts.findLast((post) => post.getBoundingClientRect().bottom <= innerHeight);
    const number = Number((ended ?? posts[0]).dataset.number);
    this.#write(number);
  }

  #write(number) {
    const place = this.#part("place");
    const words = place.dataset.sentence.replace("{number}", number).replace("{count}", this.#last);
    if (place.textContent !== words) place.textContent = words;
    const at = ((number - 1) / Math.max(this.#last, 1)) * TRACK_PARTS;
    this.#part("here").setAttribute("x", at.toFixed(1));
    const next = this.#part("next");
    if (!next) return;
    const address = new URL(next.href);
    address.searchParams.set("after", number);
    next.href = address.pathname + address.search;
  }

  #take = ({ detail: { last, unread, track } }) => {
    this.#last = Math.max(this.#last, last);
    const line = this.#part("unread");
    if (line) line.textContent = unread > 0 ? sentence(line, unread) : line.dataset.none;
    for (const name of ["next", "all"]) {
      const part = this.#part(name);
      if (part) part.hidden = unread === 0;
    }
    this.#part("marks").replaceChildren(...track.map(([start, length]) => mark(start, length)));
    this.#soon();
  };
}

function mark(start, length) {
  const rect = document.createElementNS(SVG, "rect");
  const shape = { x: start, y: 0, width: length, height: 6 };
  for (const [name, value] of Object.entries(shape)) rect.setAttribute(name, value);
  return rect;
}

customElements.define("jump-rail", JumpRail);
