/** The line of a file in the list: on its way, refused, or as the server draws it. */

import { upload } from "forum/composer/upload";
import { refusals } from "forum/sending";

export class FileLine {
  #file;
  #words;
  element = document.createElement("li");

  /** `words` holds the sentences, the door and the largest size. */
  constructor(file, words) {
    this.#file = file;
    this.#words = words;
    this.element.className = "attached__file";
    const name = document.createElement("b");
    name.textContent = file.name;
    this.bar = document.createElement("progress");
    this.bar.setAttribute("aria-label", words.sending.replace("{name}", file.name));
    this.element.append(name, this.bar);
  }

  /** Sends the file; gives its line as the server draws it, or null when it was refused. */
  async send(context) {
    const file = this.#file;
    if (file.size > Number(this.#words.maxBytes)) return this.#refuse(this.#words.tooLarge);
    const fields = new FormData();
    fields.set("context", context);
    fields.set("file", file);
    const { status, data } = await upload(this.#words.door, fields, (part) => {
      this.bar.value = part;
    });
    if (status === 201 && data?.html) return this.#become(data.html);
    if (status === 413) return this.#refuse(this.#words.tooLarge);
    return this.#refuse(refusals(data).join(" ") || this.#words.failed);
  }

  #become(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const line = template.content.querySelector("li");
    this.element.replaceWith(line);
    return line;
  }

  #refuse(sentence) {
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.textContent = sentence.replace("{name}", this.#file.name);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button quiet small" });
    button.dataset.part = "dismiss";
    button.textContent = this.#words.dismiss;
    this.element.dataset.state = "refused";
    this.element.replaceChildren(note, button);
    return null;
  }
}
