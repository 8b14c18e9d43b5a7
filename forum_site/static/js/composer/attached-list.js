/** The list of what is attached: each line can be described, put into the text, and removed. */

import { send } from "forum/sending";

export class AttachedList {
  #element;
  #form;

  /** `element` is <attached-files>; its data hold the sentences. */
  constructor(element, form) {
    this.#element = element;
    this.#form = form;
  }

  add(line) {
    this.#part("list").append(line);
  }

  /** A click on one of the buttons of a line. */
  act(part, line) {
    if (part === "dismiss") this.#drop(line);
    if (part === "remove") this.#remove(line);
    if (part === "place") this.#place(line);
  }

  describe(line, alt) {
    const fields = new FormData();
    fields.set("alt", alt);
    tell(line, "describe", fields);
  }

  /** What went with a post waits no more. */
  clear(keys) {
    for (const key of keys) this.#element.querySelector(`[data-key="${key}"]`)?.remove();
  }

  /** The text is thrown away, and what waited with it; what hangs on an edited post stays. */
  discard() {
    for (const line of [...this.#part("list").children]) {
      const isUnsent = line.querySelector("[name=attach]") !== null;
      if (isUnsent) tell(line, "discard", new FormData());
      if (isUnsent || !line.dataset.url) line.remove();
    }
  }

  say(sentence, name) {
    this.#part("said").textContent = sentence.replace("{name}", name);
  }

  #place({ dataset }) {
    const alt = this.#element.querySelector(`[name="alt-${dataset.key}"]`).value;
    this.#form.querySelector("rich-text").insertPicture({ src: dataset.url, alt });
  }

  #remove(line) {
    tell(line, "discard", new FormData());
    this.#form.querySelector("rich-text").dropPicture(line.dataset.url);
    this.say(this.#element.dataset.removed, line.dataset.name);
    this.#drop(line);
  }

  #drop(line) {
    line.remove();
    this.#part("choose").focus();
  }

  #part(name) {
    return this.#element.querySelector(`[data-part=${name}]`);
  }
}

/** The form says it all again when it is sent: an answer that gets lost loses nothing. */
function tell({ dataset }, verb, fields) {
  send(`${dataset.url}${verb}/`, fields).catch(() => {});
}
