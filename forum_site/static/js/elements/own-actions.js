/** Shows the actions of an author to the author. The server judges the right again. */

class OwnActions extends HTMLElement {
  connectedCallback() {
    const { viewer } = document.documentElement.dataset;
    const isOwn = Boolean(viewer) && this.dataset.author === viewer;
    this.hidden = !isOwn;
    this.closest(".post")?.toggleAttribute("data-own", isOwn);
  }
}

customElements.define("own-actions", OwnActions);
