/** Marks as read the posts whose end stood on the screen, and nothing else. */

import { has } from "forum/ranges";
import { ReadingReport } from "forum/reading-report";

const ON_SCREEN_MS = 1_000;
const VIEWER = document.documentElement.dataset.viewer;

class ReadMarks extends HTMLElement {
  #watch;
  #report;
  #onScreen = new Map(); // number → timer, 0 while the tab is hidden
  #read = new Set();

  connectedCallback() {
    this.querySelector("form").hidden = true; // Reading does it.
    for (const mark of document.querySelectorAll("#posts .unread-mark")) mark.remove();
    this.#report = new ReadingReport(this.dataset.url, this.#told);
    this.#watch = new IntersectionObserver((entries) => entries.forEach(this.#seen));
    document.addEventListener("live:applied", this.#find);
    document.addEventListener("visibilitychange", this.#turned);
    document.addEventListener("click", this.#leave);
    addEventListener("pagehide", this.#flush);
    this.#find();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    this.#report.close();
    document.removeEventListener("live:applied", this.#find);
    document.removeEventListener("visibilitychange", this.#turned);
    document.removeEventListener("click", this.#leave);
    removeEventListener("pagehide", this.#flush);
    for (const timer of this.#onScreen.values()) clearTimeout(timer);
  }

  #flush = () => this.#report.flush();

  #find = () => {
    for (const post of document.querySelectorAll("#posts .post[data-number]")) {
      const number = Number(post.dataset.number);
      if (!this.#isUnread(number)) continue;
      // One's own new post is sent along without a word, for the lists in other tabs.
      if (!this.#isNew(number) || post.dataset.author !== VIEWER) post.dataset.unread = this.dataset.unreadWord;
      this.#watch.observe(post.lastElementChild);
    }
  };

  #isNew(number) {
    return number > Number(this.dataset.lastNumber);
  }

  #isUnread(number) {
    return !this.#read.has(number) && (this.#isNew(number) || has(this.dataset.unread, number));
  }

  #seen = ({ target, isIntersecting }) => {
    const number = Number(target.closest(".post")?.dataset.number);
    clearTimeout(this.#onScreen.get(number));
    this.#onScreen.delete(number);
    if (isIntersecting && number && !this.#read.has(number)) this.#start(number);
  };

  #start(number) {
    const isVisible = document.visibilityState === "visible";
    this.#onScreen.set(number, isVisible ? setTimeout(() => this.#count(number), ON_SCREEN_MS) : 0);
  }

  #count(number) {
    this.#onScreen.delete(number);
    this.#read.add(number);
    this.#report.add(number);
  }

  #turned = () => {
    for (const [number, timer] of this.#onScreen) {
      clearTimeout(timer);
      this.#start(number);
    }
    if (document.visibilityState === "hidden") this.#flush();
  };

  #told = (numbers) => {
    for (const post of document.querySelectorAll("#posts .post[data-unread]")) {
      if (numbers.includes(Number(post.dataset.number))) delete post.dataset.unread;
    }
  };

  /** The way to the next unread post asks the server, which must know first what is read. */
  #leave = async (event) => {
    const link = event.target.closest?.("jump-rail [data-part=next]");
    if (!link || this.#report.isEmpty || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await this.#flush();
    location.assign(link.href);
  };
}

customElements.define("read-marks", ReadMarks);
