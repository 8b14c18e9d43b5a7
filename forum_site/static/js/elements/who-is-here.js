/**
 * A hint of who else reads the thread and who writes in it, while the page has its socket. It is
 * not read aloud: it changes too often for that.
 */

import { presence } from "forum/live/attending";
import { liveState } from "forum/live/state";

const SAY_EVERY_MS = 2_500; // the server forgets after six seconds

class WhoIsHere extends HTMLElement {
  #listening;
  #saidAt = 0;
  #isWriting = false;

  connectedCallback() {
    const { signal } = (this.#listening = new AbortController());
    presence.addEventListener("told", ({ detail }) => this.#show(detail), { signal });
    liveState.addEventListener("change", () => this.#forgetWithoutSocket(), { signal });
    this.hidden = false; // Its line stands there empty: what is below must not move.
    const composer = document.getElementById("composer");
    composer?.addEventListener("input", () => this.#write(composer), { signal });
    composer?.addEventListener("submit", () => this.#stop(), { signal });
    addEventListener("pagehide", () => this.#stop(), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  #show({ stream, readers, more, writing }) {
    if (stream !== this.dataset.stream) return;
    this.#line("readers").textContent = readers ? this.#readers(readers, more) : "";
    this.#line("writing").textContent = writing.map((voice) => this.#sentence(voice)).join(" ");
  }

  #readers(count, isMore) {
    const number = count.toLocaleString(document.documentElement.lang);
    return this.dataset.readers.replace("{count}", isMore ? `${number}+` : number);
  }

  #sentence({ name, organization }) {
    const words = organization ? this.dataset.organization : this.dataset.person;
    return words.replace("{name}", name);
  }

  /** While the page polls nobody tells it any more, and an old hint would be a lie. */
  #forgetWithoutSocket() {
    if (["current", "catching-up"].includes(liveState.name)) return;
    for (const line of this.children) line.textContent = "";
  }

  #write(composer) {
    const isEmpty = composer.elements.body.value.replace(/<[^>]*>/g, "").trim() === "";
    if (isEmpty) return this.#stop();
    if (Date.now() - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = Date.now();
    this.#isWriting = true;
    presence.write(this.dataset.stream, Number(composer.elements.voice.value || 0));
  }

  #stop() {
    if (this.#isWriting) presence.write(this.dataset.stream, null);
    this.#isWriting = false;
    this.#saidAt = 0;
  }

  #line(part) {
    return this.querySelector(`[data-part=${part}]`);
  }
}

customElements.define("who-is-here", WhoIsHere);
