/** The lists of the page: what is not on it yet is offered here and waits for the reader's word. */

import { CaseList } from "forum/live/case-list";
import { NotificationList } from "forum/live/notification-list";
import { PostList } from "forum/live/post-list";
import { keepSteady } from "forum/live/steady";
import { ThreadList } from "forum/live/thread-list";

const KINDS = {
  case: CaseList,
  notification: NotificationList,
  post: PostList,
  thread: ThreadList,
};
const lists = new Map(); // container → list, made once: a list remembers what waits

/** The list of the page for this kind of fragment; undefined when the page has none. */
export function listOf(kind) {
  const container = document.querySelector(`[data-list="${kind}"]`);
  return container ? inside(container) : undefined;
}

/** Hands a fragment that is not on the page to its list; whether there is one. */
export function offer(fragment) {
  const list = listOf(fragment.dataset.kind);
  list?.offer(fragment);
  return list !== undefined;
}

/** Takes a row away that left its category; one that stands in another by now stays. */
export function takeAway(fragment) {
  const { category } = fragment.dataset;
  listOf(fragment.dataset.kind)?.forget(fragment);
  const present = document.getElementById(fragment.id);
  if (present?.dataset.category === category) keepSteady(() => present.remove());
}

/** Counts anew and tells each container by the event `live:waiting` (detail: here, later). */
export function refreshLists() {
  for (const container of document.querySelectorAll("[data-list]")) {
    const detail = inside(container)?.refresh();
    if (detail) container.dispatchEvent(new CustomEvent("live:waiting", { detail }));
  }
}

/** Shows what waits in a list, or only the given ids, marked as new; gives the elements shown. */
export function reveal(list, ids = null) {
  const shown = keepSteady(() => list.reveal(ids));
  if (shown.length === 0) return shown;
  for (const old of document.querySelectorAll("[data-kind][data-new]")) delete old.dataset.new;
  for (const element of shown) element.dataset.new = "";
  refreshLists();
  const detail = { ids: shown.map((element) => element.id) };
  document.dispatchEvent(new CustomEvent("live:applied", { detail }));
  return shown;
}

/** The list in this container. */
export function inside(container) {
  const kind = KINDS[container.dataset.list];
  if (kind && !lists.has(container)) lists.set(container, new kind(container));
  return lists.get(container);
}

// Made at once: a list must remember the page as it was rendered.
for (const container of document.querySelectorAll("[data-list]")) inside(container);
