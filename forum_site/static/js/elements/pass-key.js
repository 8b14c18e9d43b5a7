/** Asks the device for a passkey, and sends the answer with the form inside. */

class PassKey extends HTMLElement {
  connectedCallback() {
    this.#button.addEventListener("click", this.#ask);
    this.#showIfAble();
    // The library is a script of its own: on a slow line it comes after this one.
    window.addEventListener("load", this.#showIfAble);
  }

  disconnectedCallback() {
    window.removeEventListener("load", this.#showIfAble);
    this.#button.removeEventListener("click", this.#ask);
  }

  get #form() { return this.querySelector("form"); }
  get #button() { return this.querySelector("button"); }
  get #alert() { return this.querySelector("[role=alert]"); }

  #showIfAble = () => { this.hidden = !window.PublicKeyCredential || !window.webauthnJSON; };

  #ask = async () => {
    this.#alert.hidden = true;
    this.#button.setAttribute("aria-busy", "true");
    try {
      const credential = await this.#credential();
      this.#form.elements.credential.value = JSON.stringify(credential);
      this.#form.submit();
    } catch {
      // Cancelled by the person, refused by the device, or no connection: the way on is the same.
      this.#alert.textContent = this.dataset.failed;
      this.#alert.hidden = false;
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
  };

  async #credential() {
    const options = await this.#options();
    if (this.dataset.does === "get") return window.webauthnJSON.get(options);
    this.#mayLogInAlone(options.publicKey.authenticatorSelection);
    return window.webauthnJSON.create(options);
  }

  /** On the page to log in nobody is known yet: a question is asked of the server at the click. */
  async #options() {
    if (this.dataset.options) return JSON.parse(this.dataset.options);
    const headers = { Accept: "application/json" };
    const answer = await fetch(this.dataset.optionsUrl, { headers });
    if (!answer.ok) throw new Error("no question");
    return (await answer.json()).request_options;
  }

  /** Such a passkey is kept by the device under the member's name, and the device asks who it is. */
  #mayLogInAlone(wish) {
    const isAlone = this.#form.elements.passwordless?.checked ?? false;
    wish.residentKey = isAlone ? "required" : "discouraged";
    wish.requireResidentKey = isAlone;
    if (isAlone) wish.userVerification = "required";
  }
}

customElements.define("pass-key", PassKey);
