/** A button that prints the page; without JavaScript it is not there. */

class PrintPage extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this.#print);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#print);
  }

  #print = () => window.print();
}

customElements.define("print-page", PrintPage);
