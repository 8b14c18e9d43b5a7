/**
 * Shows threads that ask nearly the same while a title is being written. The focus stays in the
 * title; how many there are is said politely, once for each answer that differs.
 */

const QUIET_MS = 500;
const TITLE_MIN_CHARS = 8;

class SimilarThreads extends HTMLElement {
  #timer;
  #request;
  #asked = "";

  connectedCallback() {
    this.#field?.addEventListener("input", this.#typed);
    if (this.#field?.value) this.#typed();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#field?.removeEventListener("input", this.#typed);
  }

  get #field() {
    return this.closest("form")?.elements.title;
  }

  #typed = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, QUIET_MS);
  };

  #look = async () => {
    const title = this.#field.value.trim();
    if (title === this.#asked) return;
    this.#request?.abort();
    this.#asked = title;
    if (title.length < TITLE_MIN_CHARS) return this.#show("");
    const request = new AbortController();
    this.#request = request;
    const html = await this.#answer(title, request.signal);
    if (!request.signal.aborted) this.#show(html);
  };

  async #answer(title, signal) {
    const address = new URL(this.dataset.address, document.baseURI);
    address.searchParams.set("title", title);
    try {
      const response = await fetch(address, { headers: { "X-Fragment": "1" }, signal });
      return response.ok ? await response.text() : "";
    } catch {
      return ""; // what might help is missing; nothing that was typed is
    }
  }

  #show(html) {
    const list = this.querySelector("[data-part=list]");
    const status = this.querySelector("[data-part=status]");
    list.innerHTML = html;
    list.hidden = !html.trim();
    const said = list.querySelector("[data-part=head]")?.textContent.trim() ?? "";
    if (status.textContent !== said) status.textContent = said;
  }
}

customElements.define("similar-threads", SimilarThreads);
