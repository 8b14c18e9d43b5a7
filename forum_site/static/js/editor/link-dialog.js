/* Asks for the address of a link. It stands at the end of the body: a form in a form is no form. */

let count = 0;

export class LinkDialog {
  #dialog;
  #input;
  #fault;
  #unlink;
  #labels;
  #answer = () => {};

  constructor(labels) {
    this.#labels = labels;
    this.#build(`link-dialog-${++count}`);
    this.#dialog.addEventListener("close", () => this.#settle(null));
    document.body.append(this.#dialog);
  }

  /* Gives the address, "" to remove the link, or null where nothing is to change. */
  ask(href) {
    this.#input.value = href;
    this.#unlink.hidden = !href;
    this.#complain("");
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#dialog.showModal();
      this.#input.select();
    });
  }

  remove() {
    this.#dialog.remove();
  }

  #settle(answer) {
    const resolve = this.#answer;
    this.#answer = () => {};
    resolve(answer);
    if (this.#dialog.open) this.#dialog.close();
  }

  #save = (event) => {
    event.preventDefault();
    const href = whole(this.#input.value.trim());
    if (href) this.#settle(href);
    else this.#complain(this.#labels.labelWrongAddress);
  };

  #complain(sentence) {
    this.#fault.textContent = sentence;
    this.#fault.hidden = !sentence;
    this.#input.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) this.#input.focus();
  }

  #build(id) {
    const label = made("label", { htmlFor: `${id}-address`, id: `${id}-label`, className: "field__label" });
    label.textContent = this.#labels.labelAddress;
    this.#input = made("input", {
      id: `${id}-address`, type: "text", inputMode: "url", autocomplete: "off", spellcheck: false,
    });
    this.#input.setAttribute("aria-describedby", `${id}-fault`);
    this.#fault = made("p", { id: `${id}-fault`, className: "field__errors", hidden: true });
    this.#fault.setAttribute("role", "alert");
    const save = made("button", { type: "submit", className: "button primary" }, this.#labels.labelSave);
    this.#unlink = made("button", { type: "button", className: "button" }, this.#labels.labelUnlink);
    this.#unlink.addEventListener("click", () => this.#settle(""));
    const cancel = made("button", { type: "button", className: "button" }, this.#labels.labelCancel);
    cancel.addEventListener("click", () => this.#settle(null));
    const buttons = made("div", { className: "link-dialog__buttons" });
    buttons.append(save, this.#unlink, cancel);
    const form = made("form", { method: "dialog", noValidate: true });
    form.addEventListener("submit", this.#save);
    form.append(label, this.#input, this.#fault, buttons);
    this.#dialog = made("dialog", { className: "link-dialog" });
    this.#dialog.setAttribute("aria-labelledby", `${id}-label`);
    this.#dialog.append(form);
  }
}

function made(tag, properties, text = "") {
  return Object.assign(document.createElement(tag), properties, text && { textContent: text });
}

/* The address as a person types it, made whole: ngo.pl, www.ngo.pl, biuro@ngo.pl. */
function whole(text) {
  if (/^mailto:\S+@\S+$/i.test(text)) return text;
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  const href = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return !/[\s<>"\\]/.test(href) && URL.canParse(href) && /^[^/]+\/\/[^/]+\.[^/.]+/.test(href) ? href : "";
}
