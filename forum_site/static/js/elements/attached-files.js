/** The files of a text that is being written: chosen, dropped or pasted, and sent at once. */

import { AttachedList } from "forum/composer/attached-list";
import { FileLine } from "forum/composer/file-line";
import { isCarrying, pastedFiles } from "forum/composer/given-files";

class AttachedFiles extends HTMLElement {
  #form;
  #list;
  #listening;
  #queue = Promise.resolve(); // one file at a time: a telephone's line is thin
  #isComplete = true;

  connectedCallback() {
    this.#form = this.closest("form");
    this.#list ??= new AttachedList(this, this.#form);
    const { signal } = (this.#listening = new AbortController());
    this.addEventListener("click", this.#click, { signal });
    this.addEventListener("change", this.#change, { signal });
    // Before the editor, which would take a picture for words.
    const early = { signal, capture: true };
    this.#form.addEventListener("paste", (event) => this.#given(event, pastedFiles(event)), early);
    for (const name of ["dragover", "dragleave", "drop"]) {
      this.#form.addEventListener(name, this.#drag, early);
    }
    this.#form.addEventListener("composer:sent", this.#sent, { signal });
    this.#takeChosen(); // before this module came
    this.#form.addEventListener("click", this.#discard, { signal });
  }

  connectedMoveCallback() {} // A move within the page is no goodbye.

  disconnectedCallback() {
    this.#listening.abort();
  }

  /** Resolves when nothing is on its way: to whether all that was chosen since has arrived. */
  get settled() {
    return this.#queue.then(() => {
      const isComplete = this.#isComplete;
      this.#isComplete = true;
      return isComplete;
    });
  }

  get #input() { return this.querySelector("input[type=file]"); }

  #takeChosen() {
    this.#take([...this.#input.files]);
    this.#input.value = "";
  }

  #take(files) {
    for (const file of files) {
      const line = new FileLine(file, this.dataset);
      this.#list.add(line.element);
      this.#queue = this.#queue.then(() => this.#send(file, line));
    }
  }

  async #send(file, line) {
    const arrived = await line.send(this.#form.dataset.context);
    if (arrived) this.#list.say(this.dataset.attached, file.name);
    else this.#isComplete = false;
  }

  #given(event, files) {
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#take(files);
  }

  #drag = (event) => {
    if (!isCarrying(event)) return;
    event.preventDefault();
    this.#form.toggleAttribute("data-dropping", event.type === "dragover");
    if (event.type === "drop") this.#given(event, [...event.dataTransfer.files]);
  };

  #change = ({ target }) => {
    const line = target.closest("[data-url]");
    if (target.type === "file") this.#takeChosen();
    else if (line && target.name.startsWith("alt-")) this.#list.describe(line, target.value);
  };

  #click = ({ target }) => {
    const part = target.closest("[data-part]")?.dataset.part;
    if (part === "choose") this.#input.click();
    else if (part) this.#list.act(part, target.closest("li"));
  };

  #discard = ({ target }) => target.closest("[data-part=discard]") && this.#list.discard();

  #sent = ({ detail: fields }) => this.#list.clear(fields.getAll("attach"));
}

customElements.define("attached-files", AttachedFiles);
