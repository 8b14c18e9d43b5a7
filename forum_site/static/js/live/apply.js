/** Puts fragments on the page: those of the push, of the catch-up, and of the own POST's answer. */

import { listOf, offer, refreshLists, reveal, takeAway } from "forum/live/lists";
import { presentOf } from "forum/live/presence";
import { isNewer, replaceWhenQuiet } from "forum/live/replacing";

const held = []; // the reader's own posts, pushed before the answer to their form was here

/**
 * Applies fragments in any order, any number of times. With `own` they are the answer to the
 * reader's own POST: what is new is shown at once instead of waiting behind the strip.
 * Gives the ids of the fragments.
 */
export function apply(html, { own = false } = {}) {
  const fragments = fragmentsOf(html).filter((each) => each.matches("[id][data-kind][data-seq]"));
  for (const fragment of fragments) {
    if (!own && isBeingSent(fragment)) held.push(fragment);
    else place(fragment, own);
  }
  refreshLists();
  const ids = fragments.map((fragment) => fragment.id);
  document.dispatchEvent(new CustomEvent("live:applied", { detail: { ids, fragments } }));
  return ids;
}

/** The elements at the top of the html, made for this document. */
export function fragmentsOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...document.importNode(template.content, true).children];
}

/**
 * Puts a part of a list that the reader asked for in the place of its fold. The part may be older
 * than what the page has learned since; the newer of the two stands.
 */
export function unfold(fold, html) {
  const list = listOf("post");
  const shown = [];
  for (const element of fragmentsOf(html)) {
    const present = presentOf(element);
    if (present && present !== fold) {
      replaceWhenQuiet(present, element);
      continue;
    }
    const offered = list?.take(element.id);
    const newest = offered && isNewer(offered, element) ? offered : element;
    fold.before(newest);
    shown.push(newest);
  }
  fold.remove();
  refreshLists();
  const ids = shown.map((element) => element.id);
  document.dispatchEvent(new CustomEvent("live:applied", { detail: { ids } }));
  return shown;
}

function place(fragment, own) {
  if ("gone" in fragment.dataset) return takeAway(fragment);
  const present = presentOf(fragment);
  if (present) {
    replaceWhenQuiet(present, fragment);
  } else if (offer(fragment) && own) {
    reveal(listOf(fragment.dataset.kind), [fragment.id]);
  }
}

/** Shows what was pushed while the reader's own form was on its way. */
export function release() {
  for (const fragment of held.splice(0)) place(fragment, true);
  refreshLists();
}

/**
 * The push may be faster than the answer to the reader's own POST. Shown before it, the post would
 * say that it is sent while the form still holds its text, and what is typed then would be lost.
 */
function isBeingSent(fragment) {
  const { viewer } = document.documentElement.dataset;
  const isOwn = Boolean(viewer) && fragment.dataset.author === viewer;
  return isOwn && document.querySelector("form[aria-busy=true]") !== null;
}
