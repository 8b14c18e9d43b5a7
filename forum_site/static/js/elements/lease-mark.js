/** Says who looks at a case, and falls silent by itself when nobody said so for a while. */

class LeaseMark extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    const left = Date.parse(this.dataset.until) - Date.now();
    this.hidden = !(left > 0);
    if (left > 0) this.#timer = setTimeout(() => (this.hidden = true), left);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }
}

customElements.define("lease-mark", LeaseMark);
