/** Says who else looks at a case; falls silent by itself when nobody said so for a while. */

class LeaseMark extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    const isOwn = this.dataset.by === document.documentElement.dataset.viewer;
    const left = isOwn ? 0 : Date.parse(this.dataset.until) - Date.now();
    this.hidden = !(left > 0);
    if (left > 0) this.#timer = setTimeout(() => (this.hidden = true), left);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }
}

customElements.define("lease-mark", LeaseMark);
