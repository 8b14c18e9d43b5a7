/** The two lines of the composer: what is going on (status) and what went wrong (alert). */

export class Notes {
  #composer;
  #form;
  #hasProblem = false;

  constructor(composer, form) {
    this.#composer = composer;
    this.#form = form;
  }

  say(text) {
    this.#line("status").textContent = text ?? "";
  }

  /** Shows why it was not sent and marks the fields that are meant. */
  refuse(sentences, errors = {}) {
    const alert = this.#line("alert");
    alert.hidden = sentences.length === 0;
    alert.textContent = sentences.join(" ");
    for (const field of this.#form.elements) {
      if (field.name in errors) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    if (sentences.length > 0) this.say("");
  }

  /** How far the text is kept; not read aloud at each saving, but said when it fails. */
  sayKept(text, { isProblem = false } = {}) {
    this.#line("kept").textContent = isProblem ? "" : text;
    if (isProblem && this.#line("status").textContent !== text) this.say(text);
    if (isProblem === this.#hasProblem) return;
    if (!isProblem) this.say("");
    this.#hasProblem = isProblem;
  }

  clear() {
    this.refuse([]);
    this.say("");
    this.sayKept("");
    this.#composer.querySelector("[data-part=back]")?.remove();
    const discard = this.#discard;
    if (!discard) return;
    // A button that vanishes must not take the focus along.
    if (discard === document.activeElement) (this.#form.querySelector("rich-text") ?? this.#form.elements.body).focus();
    discard.hidden = true;
  }

  /** Says that the text is an unsent one, and offers to throw it away. */
  sayRestored(text) {
    // The page of the server may have said so already.
    if (!this.#composer.querySelector("[data-part=back]")) this.say(text);
    if (this.#discard) this.#discard.hidden = false;
  }

  get #discard() {
    return this.#composer.querySelector("[data-part=discard]");
  }

  #line(role) {
    const present = this.#composer.querySelector(`[data-part=${role}]`);
    if (present) return present;
    const line = document.createElement("p");
    if (role !== "kept") line.setAttribute("role", role);
    line.dataset.part = role;
    this.#form.append(line);
    return line;
  }
}
