/** Puts the member's own unread numbers on the rows of a list, which are the same for everyone. */

import { sentence } from "forum/plurals";

const ROWS = "[data-kind=thread][data-last-number]";

class UnreadCounts extends HTMLElement {
  #read = new Map();
  #tabs = null;

  connectedCallback() {
    for (const entry of (this.dataset.read ?? "").split(/\s+/).filter(Boolean)) {
      const [thread, count] = entry.split(":").map(Number);
      this.#read.set(thread, count);
    }
    const list = this.querySelector("[data-part=list]");
    if (list) list.hidden = true; // The rows say it from now on.
    document.addEventListener("live:applied", this.#show);
    this.#tabs = new BroadcastChannel("reading");
    this.#tabs.addEventListener("message", this.#take);
    this.#show();
  }

  disconnectedCallback() {
    document.removeEventListener("live:applied", this.#show);
    this.#tabs?.close();
  }

  /** Another tab of the same member has read on. */
  #take = ({ data: { viewer, thread, read } }) => {
    if (viewer !== document.documentElement.dataset.viewer) return;
    this.#read.set(thread, read);
    this.#show();
  };

  #show = () => {
    const list = document.getElementById(this.dataset.for);
    for (const row of list?.querySelectorAll(ROWS) ?? []) this.#showOn(row);
  };

  #showOn(row) {
    const thread = Number(row.id.slice("thread-".length));
    const count = Math.max(0, Number(row.dataset.lastNumber) - (this.#read.get(thread) ?? 0));
    const title = row.querySelector(".thread-row__title");
    const link = title?.querySelector("a");
    if (!link) return;
    const address = `/threads/${thread}/`;
    link.setAttribute("href", count > 0 ? `${address}unread/` : address);
    let badge = title.querySelector(".unread");
    if (count === 0) return badge?.remove();
    badge ??= title.appendChild(document.createElement("span"));
    badge.className = "unread num";
    const text = sentence(this, count);
    if (badge.textContent !== text) badge.textContent = text;
  }
}

customElements.define("unread-counts", UnreadCounts);
