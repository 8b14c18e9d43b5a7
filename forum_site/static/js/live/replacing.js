/** Replaces an element by its newer version without taking anything out of the reader's hands. */

import { keepSteady } from "forum/live/steady";

const CHECK_AFTER_MS = 200;
const FOCUSABLE = "a, button, summary, input, select, textarea, [tabindex]";

const deferred = new Map(); // id of an element in use → its newest version
let check = 0;

export function isNewer(one, other) {
  return Number(one.dataset.seq) > Number(other.dataset.seq);
}

/** Replaces now, or once the reader no longer selects in it, stands in it or listens to it. */
export function replaceWhenQuiet(shown, fragment) {
  if (!isNewer(fragment, deferred.get(shown.id) ?? shown)) return;
  deferred.set(shown.id, fragment);
  settle();
}

function settle() {
  for (const [id, fragment] of deferred) {
    const shown = document.getElementById(id);
    if (shown && isInUse(shown, fragment)) continue;
    deferred.delete(id);
    if (shown && isNewer(fragment, shown)) keepSteady(() => replace(shown, fragment));
  }
}

function isInUse(shown, fragment) {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && selection.containsNode(shown, true)) return true;
  if (shown.querySelector("read-aloud[data-state]")) return true;
  return hasFocus(shown) && twinOfFocus(shown, fragment) === null;
}

function replace(shown, fragment) {
  const twin = hasFocus(shown) ? twinOfFocus(shown, fragment) : null;
  const theirs = [...fragment.querySelectorAll("details")];
  shown.querySelectorAll("details").forEach((details, index) => {
    if (details.open && theirs[index]) theirs[index].open = true;
  });
  if ("new" in shown.dataset) fragment.dataset.new = "";
  shown.replaceWith(fragment);
  twin?.focus({ preventScroll: true });
}

function hasFocus(shown) {
  return shown.contains(document.activeElement);
}

/** The element of the new version that stands for the one with focus; null when there is none. */
function twinOfFocus(shown, fragment) {
  const focused = document.activeElement;
  if (focused === shown) return fragment;
  const same = (element) => likeness(element) === likeness(focused);
  const index = [...shown.querySelectorAll(FOCUSABLE)].filter(same).indexOf(focused);
  return [...fragment.querySelectorAll(FOCUSABLE)].filter(same)[index] ?? null;
}

function likeness(element) {
  const names = ["id", "name", "value", "href", "formaction", "data-action", "data-part"];
  return [element.tagName, ...names.map((name) => element.getAttribute(name))].join("|");
}

function settleSoon() {
  if (deferred.size === 0) return;
  clearTimeout(check);
  check = setTimeout(afterSettling, CHECK_AFTER_MS);
}

function afterSettling() {
  const ids = [...deferred.keys()];
  settle();
  const done = ids.filter((id) => !deferred.has(id));
  if (done.length > 0) {
    document.dispatchEvent(new CustomEvent("live:applied", { detail: { ids: done } }));
  }
}

for (const event of ["selectionchange", "focusout", "live:release"]) {
  document.addEventListener(event, settleSoon);
}
