/** The threads that wait for a first reply: rows of lists that arrive tell who came and who left. */

class WaitingThreads extends HTMLElement {
  connectedCallback() {
    document.addEventListener("live:applied", this.#take);
  }

  disconnectedCallback() {
    document.removeEventListener("live:applied", this.#take);
  }

  #take = ({ detail }) => {
    const rows = (detail.fragments ?? []).filter(({ dataset }) => dataset.kind === "thread");
    for (const row of rows) this.#judge(row);
    if (rows.length > 0) this.#settle();
  };

  #judge(row) {
    const line = this.querySelector(`li[data-thread="${row.id}"]`);
    const waits = "waits" in row.dataset;
    // A link that has the focus stays until the page is loaded again.
    if (line && !waits && !line.contains(document.activeElement)) line.remove();
    if (!line && waits) this.#insert(lineOf(row));
  }

  /** The newest stands first. */
  #insert(line) {
    const older = this.#lines.find((other) => askedAt(other) < askedAt(line));
    this.querySelector("ul").insertBefore(line, older ?? null);
  }

  #settle() {
    for (const line of this.#lines.slice(Number(this.dataset.limit))) line.remove();
    this.querySelector("[data-part=none]").hidden = this.#lines.length > 0;
  }

  get #lines() {
    return [...this.querySelectorAll("li")];
  }
}

function lineOf(row) {
  const line = document.createElement("li");
  line.dataset.thread = row.id;
  const facts = document.createElement("span");
  facts.className = "soft";
  const wait = document.createElement("waits-for");
  wait.append(row.querySelector("time").cloneNode(true));
  facts.append(row.querySelector(".thread-row__starter").textContent, ", ", wait);
  line.append(row.querySelector("a").cloneNode(true), " ", facts);
  return line;
}

function askedAt(line) {
  return Date.parse(line.querySelector("time").dateTime);
}

customElements.define("waiting-threads", WaitingThreads);
