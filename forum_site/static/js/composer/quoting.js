/**
 * "Quote": what is selected in a post, or the whole post, goes behind what is typed already. A
 * button stands by the selection; in the order of Tab it comes right after the words.
 */

import { BodyField } from "forum/composer/body-field";
import { quotation, selectedWords } from "forum/composer/quotation";

const SETTLE_MS = 200; // a selection is drawn, or grows letter by letter
const GAP_PX = 6;

let button = null;
let chosen = null; // some browsers drop the selection before the click arrives
let timer = 0;

const composerHere = () => document.querySelector("post-composer[data-quote]");

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(offer, SETTLE_MS);
});

document.addEventListener("click", (event) => {
  const wish = event.target.closest?.("[data-action=quote]");
  const post = wish?.closest("[data-kind=post]");
  const composer = composerHere();
  if (!post || !composer || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const now = selectedWords() ?? chosen;
  quote(composer, now?.post === post ? now : { post });
});

function offer() {
  if (button && button === document.activeElement) return;
  withdraw();
  chosen = composerHere() && selectedWords();
  if (!chosen) return;
  button = document.getElementById("quote-button").content.firstElementChild.cloneNode(true);
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("focusout", () => setTimeout(offer));
  chosen.post.querySelector(".post__words").after(button);
  stand(button, [...chosen.range.getClientRects()].at(-1));
}

function withdraw() {
  button?.remove();
  button = chosen = null;
}

/** Below the end of the selection: above it a phone shows its own menu. */
function stand({ style, offsetParent, offsetWidth }, rect) {
  const frame = offsetParent.getBoundingClientRect();
  const left = Math.min(rect.right, document.documentElement.clientWidth - offsetWidth - GAP_PX);
  style.left = `${Math.max(left - frame.left, 0)}px`;
  style.top = `${rect.bottom - frame.top + GAP_PX}px`;
}

async function quote(composer, words) {
  const form = composer.querySelector("form");
  if (form.getAttribute("aria-busy") === "true") return;
  const { html, text } = quotation(words, composer.dataset.quote);
  getSelection().removeAllRanges();
  withdraw();
  // An answer that is being written keeps its place; an empty composer comes to the post.
  const isElsewhere = form.dataset.parent !== words.post.dataset.number;
  if (new BodyField(form).isEmpty && isElsewhere) words.post.querySelector("[data-action=reply]")?.click();
  await composer.querySelector("rich-text").append(html, text);
  form.scrollIntoView({ block: "nearest" });
}
