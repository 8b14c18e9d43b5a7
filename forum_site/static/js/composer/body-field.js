/** The words in a form, whether a textarea or the editor holds them, and the fields beside. */

import { readFilled, writeFilled } from "forum/composer/template-fields";

const KEPT = ["title", "voice", "parent", "once", "body", "body_format"];

export class BodyField {
  #form;

  constructor(form) {
    this.#form = form;
  }

  get isEmpty() {
    const filled = Object.values(readFilled(this.#form)).join("");
    const typed = this.#value("body") + this.#value("title") + filled;
    const text = typed.replace(/<(?!img)[^>]*>|&nbsp;/g, ""); // a picture alone is no empty text
    return text.trim() === "";
  }

  /** Somebody typed into the plain field before there was anybody to listen. */
  get isTouched() {
    const { body, body_format } = this.#form.elements;
    return body_format.value === "markdown" && body.value !== body.defaultValue;
  }

  /** What would be sent as the post's text. */
  get text() {
    return this.#value("body");
  }

  get #editor() {
    return this.#form.querySelector("rich-text");
  }

  focus() {
    const editor = this.#editor;
    (editor?.matches(":defined") ? editor : this.#form.elements.body).focus();
  }

  /** What a draft keeps of the form. */
  read() {
    const names = KEPT.filter((name) => this.#form.elements[name]);
    const fields = Object.fromEntries(names.map((name) => [name, this.#value(name)]));
    const about_office = this.#form.elements.about_office?.checked ?? false;
    return { ...fields, about_office, filled: readFilled(this.#form) };
  }

  write(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.#form.elements[name];
      if (field?.type === "checkbox") field.checked = value;
      else if (field && fits(field, value)) field.value = value;
    }
    if (fields.filled) writeFilled(this.#form, fields.filled);
    this.#tellEditor(fields.body ?? "", this.#value("body_format"));
  }

  /** Empties the form and makes its next submit a new one for the server. */
  clear() {
    const parent = this.#form.dataset.parent ?? "";
    this.write({ title: "", body: "", parent, about_office: false, filled: {} });
    this.renew();
  }

  renew() {
    if (this.#form.elements.once) this.#form.elements.once.value = uuid();
  }

  #value(name) {
    return this.#form.elements[name]?.value ?? "";
  }

  async #tellEditor(text, format) {
    const editor = this.#editor;
    if (!editor) return;
    if (!editor.matches(":defined")) await customElements.whenDefined("rich-text");
    // While the editor was on its way the person may have begun to write.
    if (this.#value("body") === text) editor.setContent(text, format);
  }
}

/** A voice may have been lost since the text was kept; a form with one voice offers no choice. */
function fits(field, value) {
  if (field.name !== "voice") return true;
  return [...(field.options ?? [])].some((option) => option.value === value);
}

/** `crypto.randomUUID` exists on https and localhost only; a club may run the forum without. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
