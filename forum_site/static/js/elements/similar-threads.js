/** Shows threads that ask nearly the same while a title is being written. */

const QUIET_MS = 500;
const TITLE_MIN_CHARS = 8;

class SimilarThreads extends HTMLElement {
  #timer;
  #asked = 0;

  connectedCallback() {
    this.#field?.addEventListener("input", this.#typed);
    if (this.#field?.value) this.#typed();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#field?.removeEventListener("input", this.#typed);
  }

  get #field() { return this.closest("form")?.elements.title; }

  #typed = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, QUIET_MS);
  };

  #look = async () => {
    this.#asked += 1;
    const turn = this.#asked;
    const title = this.#field.value.trim();
    if (title.length < TITLE_MIN_CHARS) return this.#show("");
    const address = new URL(this.dataset.address, document.baseURI);
    address.searchParams.set("title", title);
    const html = await fetch(address, { headers: { "X-Fragment": "1" } })
      .then((response) => (response.ok ? response.text() : ""))
      .catch(() => "");
    if (turn === this.#asked) this.#show(html.trim());
  };

  #show(html) {
    // The words stay where they are: the list grows below the field.
    this.innerHTML = html;
    this.hidden = !html;
  }
}

customElements.define("similar-threads", SimilarThreads);
