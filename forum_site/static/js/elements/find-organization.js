/** Shows the organizations a name may mean while it is typed; the button searches without it. */

const QUIET_MS = 300;

class FindOrganization extends HTMLElement {
  #timer;
  #asked = 0;
  #whom = ""; // what was chosen by hand, not by the page

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", this.#entered);
    this.addEventListener("click", this.#clicked);
    const field = this.querySelector("[name=organization]");
    if (field.value !== field.defaultValue) this.#look(); // typed before the script was here
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.removeEventListener("input", this.#typed);
    this.removeEventListener("keydown", this.#entered);
    this.removeEventListener("click", this.#clicked);
  }

  #typed = ({ target }) => {
    if (target.name === "whom") this.#whom = target.value;
    if (target.name !== "organization") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#look, QUIET_MS);
  };

  #entered = (event) => {
    if (event.key !== "Enter" || event.target.name !== "organization") return;
    event.preventDefault();
    this.#look();
  };

  #clicked = (event) => {
    if (event.target.closest("button")?.name !== "look") return;
    event.preventDefault();
    this.#look();
  };

  #look = async () => {
    clearTimeout(this.#timer);
    this.#asked += 1;
    const turn = this.#asked;
    const address = new URL(this.dataset.address, document.baseURI);
    address.searchParams.set("whom", this.#whom);
    for (const name of ["organization", "kind", "gmina"]) {
      address.searchParams.set(name, this.querySelector(`[name=${name}]`)?.value ?? "");
    }
    const html = await fetch(address, { headers: { "X-Fragment": "1" } })
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null);
    if (turn !== this.#asked) return; // something newer was typed
    this.#show(html);
  };

  #show(html) {
    const status = this.querySelector("[data-part=status]");
    if (html === null) {
      status.textContent = this.dataset.failed;
      return;
    }
    const choices = this.querySelector("[data-part=choices]");
    choices.innerHTML = html;
    status.textContent = choices.querySelector("[data-part=count]")?.textContent ?? "";
  }
}

customElements.define("find-organization", FindOrganization);
