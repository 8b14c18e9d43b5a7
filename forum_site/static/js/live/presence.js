/** Which element of the page a fragment stands for. */

import { isNewer } from "forum/live/replacing";

/**
 * The element that the fragment is a version of; null when there is none. Within a thread a post
 * is known by its number: one that went away and came back has a new one, and a stub in its old
 * place.
 */
export function presentOf(fragment) {
  const named = document.getElementById(fragment.id);
  const { kind, number } = fragment.dataset;
  if (kind !== "post" || number === undefined || named?.dataset.number === number) return named;
  if (named && !named.closest("[data-list=post]")) return named;
  if (named && isNewer(fragment, named)) named.id = `place-${named.dataset.number}`;
  const post = `[data-list=post] > [data-kind=post][data-number="${number}"]`;
  const present = document.querySelector(post);
  if (present && isNewer(fragment, present)) present.id = fragment.id;
  return present;
}
