/** Sends a post without leaving the page, and never loses a word of it. */

import { BodyField } from "forum/composer/body-field";
import { Draft } from "forum/composer/draft";
import { Notes } from "forum/composer/notes";
import { ReplyPlace, wishToReply } from "forum/composer/reply-place";
import { Submission } from "forum/composer/submission";

class PostComposer extends HTMLElement {
  #form;
  #body;
  #draft;
  #notes;
  #place;
  #submission;
  #listening;

  connectedCallback() {
    const isFirst = !this.#form;
    if (isFirst) this.#begin();
    const { signal } = (this.#listening = new AbortController());
    this.#form.addEventListener("submit", this.#submit, { signal });
    // Before the editor, which has a meaning of its own for Ctrl+Enter.
    this.addEventListener("keydown", this.#key, { signal, capture: true });
    document.addEventListener("click", this.#click, { signal });
    this.#draft.watch(signal);
    if (isFirst) this.#draft.restore();
  }

  connectedMoveCallback() {} // A move within the page is no goodbye.

  disconnectedCallback() {
    this.#listening.abort();
  }

  #begin() {
    this.#form = this.querySelector("form");
    this.#body = new BodyField(this.#form);
    this.#notes = new Notes(this, this.#form);
    this.#place = new ReplyPlace(this, this.#form.elements.parent, this.#form.dataset.parent);
    this.#draft = new Draft(this, this.#form, {
      body: this.#body,
      notes: this.#notes,
      placed: (number) => this.#place.underNumber(number),
    });
    this.#submission = new Submission(this.#form, this.#notes, this.dataset);
  }

  #click = (event) => {
    const wish = wishToReply(event);
    const part = this.contains(event.target) && event.target.closest("[data-part]")?.dataset.part;
    if (wish) this.#reply(wish);
    if (part === "cancel") this.#cancel();
    if (part === "discard") this.#clear();
    if (part) this.#draft.choose(part);
  };

  #key = (event) => {
    if (event.key === "Escape" && !event.target.closest("select")) this.#cancel();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#form.requestSubmit();
  };

  #reply({ post, opener }) {
    if (this.#submission.isOnItsWay) return;
    this.#place.under(post, opener);
    this.#body.focus();
    this.scrollIntoView({ block: "nearest" });
    this.#draft.changed();
  }

  #cancel() {
    if (this.#submission.isOnItsWay || !this.#place.isAway) return;
    this.#place.back({ focus: true });
    this.#draft.changed();
  }

  #submit = async (event) => {
    event.preventDefault();
    if (this.#submission.isOnItsWay) return;
    const accepted = await this.#submission.send(() => this.#draft.hold());
    this.#draft.release({ isSent: Boolean(accepted) });
    if (!accepted) return;
    const isAll = accepted.body === this.#body.text;
    if (isAll) this.#clear();
    else this.#draft.begin(); // What was typed while it was on its way stays.
    this.#submission.show(accepted, { isAll });
  };

  #clear() {
    this.#place.back();
    this.#body.clear();
    this.#notes.clear();
  }
}

customElements.define("post-composer", PostComposer);
