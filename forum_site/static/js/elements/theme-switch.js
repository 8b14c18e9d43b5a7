/** Light, dark, or as the system has it; remembered here, and set first by theme-early.js. */

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", this.#choose);
    this.addEventListener("change", this.#choose);
    addEventListener("storage", this.#follow);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#choose);
    this.removeEventListener("change", this.#choose);
    removeEventListener("storage", this.#follow);
  }

  #choose = (event) => {
    const chosen = event.type === "click" ? event.target.closest("button") : event.target;
    if (!chosen?.value) return;
    set(chosen.value);
    try {
      localStorage.setItem("theme", chosen.value);
    } catch {
      // Storage may be forbidden; then the choice holds for this page.
    }
    this.#show();
  };

  #follow = ({ key, newValue }) => {
    if (key !== "theme") return;
    set(newValue);
    this.#show();
  };

  #show() {
    const theme = document.documentElement.dataset.theme ?? "system";
    for (const button of this.querySelectorAll("button[value]")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    for (const select of this.querySelectorAll("select")) select.value = theme;
  }
}

function set(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

customElements.define("theme-switch", ThemeSwitch);
