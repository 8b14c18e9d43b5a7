/**
 * Decides by single keys: each presses the button that shows it. Never while somebody types, and
 * whoever does not want it switches it off (WCAG 2.1.4).
 */

const STORED_AS = "desk-keys";
const TYPING =
  "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable], [role=textbox]";

class DeskKeys extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.#show();
    this.addEventListener("click", this.#toggle);
    document.addEventListener("keydown", this.#press);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#toggle);
    document.removeEventListener("keydown", this.#press);
  }

  get #button() {
    return this.querySelector("button");
  }

  get #isOn() {
    return localStorage.getItem(STORED_AS) !== "off";
  }

  #toggle = (event) => {
    if (!event.target.closest("button")) return;
    localStorage.setItem(STORED_AS, this.#isOn ? "off" : "on");
    this.#show();
  };

  #show() {
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    for (const key of document.querySelectorAll("[data-key] kbd")) key.hidden = !this.#isOn;
  }

  #press = (event) => {
    if (!this.#isOn || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const button = [...document.querySelectorAll("[data-key]")].find(
      ({ dataset }) => dataset.key === key,
    );
    if (!button || button.disabled) return;
    event.preventDefault();
    this.#use(button);
  };

  /** What lies folded away is shown first: nobody decides on what was not seen. */
  #use(button) {
    const folded = button.closest("details:not([open])");
    if (!folded) return void button.click();
    folded.open = true;
    button.focus();
  }
}

customElements.define("desk-keys", DeskKeys);
