/** The posts of a thread on the page, and those that wait to be shown. */

import { placeAll } from "forum/live/placing";
import { presentOf } from "forum/live/presence";
import { isNewer, replaceWhenQuiet } from "forum/live/replacing";
import { sentence } from "forum/plurals";

export class PostList {
  #container;
  // The newest version of every post that is not on the page, known ones too: a fold that is
  // opened may bring an older one.
  #aside = new Map();
  #leftAtFirst = new WeakMap();

  constructor(container) {
    this.#container = container;
  }

  offer(fragment) {
    const present = this.#aside.get(fragment.id);
    if (!present || isNewer(fragment, present)) this.#aside.set(fragment.id, fragment);
  }

  /** Gives the waiting version of a post away to whoever puts it on the page. */
  take(id) {
    const fragment = this.#aside.get(id);
    this.#aside.delete(id);
    return fragment;
  }

  /** Writes the folds' counts; how many posts wait for this page, and how many came elsewhere. */
  refresh() {
    for (const [id, fragment] of this.#aside) {
      const present = presentOf(fragment);
      if (!present) continue;
      this.#aside.delete(id);
      replaceWhenQuiet(present, fragment);
    }
    const places = this.#places();
    this.#dropFoldsOfMoved();
    this.#countFolds(places.get("fold"));
    const later = places.get("later");
    return { here: places.get("here").length, later: later.length, laterUrl: addressOf(later[0]) };
  }

  /** Shows the waiting posts of this page, or only the given ids; gives them in order. */
  reveal(ids = null) {
    const chosen = this.#places()
      .get("here")
      .filter(({ fragment }) => !ids || ids.includes(fragment.id));
    for (const { fragment } of chosen) this.#insert(this.take(fragment.id));
    return chosen.map(({ fragment }) => fragment).sort(inDocumentOrder);
  }

  #places() {
    return placeAll([...this.#aside.values()].filter(isShown).map(describe), this.#page());
  }

  #page() {
    const { order, lastNumber, hasLater, branch = "" } = this.#container.dataset;
    const roots = this.#posts().filter(({ dataset }) => dataset.path === dataset.root);
    const folds = this.#folds().map((fold) => [fold.dataset.root, describeFold(fold)]);
    return {
      order,
      branch,
      lastNumber: Number(lastNumber),
      hasLater: hasLater === "true",
      roots: new Set([...roots.map(({ dataset }) => dataset.root), branch]),
      folds: new Map(folds),
    };
  }

  #posts() {
    return [...this.#container.querySelectorAll(":scope > [data-kind=post]")];
  }

  #folds() {
    return [...this.#container.querySelectorAll(":scope > .fold[data-root]")];
  }

  #insert(fragment) {
    const next = this.#posts().find((post) => this.#isAfter(post, fragment));
    if (next) next.before(fragment);
    else this.#container.append(fragment);
  }

  #isAfter(post, fragment) {
    if (this.#container.dataset.order === "time") {
      return Number(post.dataset.number) > Number(fragment.dataset.number);
    }
    return post.dataset.path > fragment.dataset.path;
  }

  /** Behind the fold of a root that moved nothing is left. */
  #dropFoldsOfMoved() {
    for (const fold of this.#folds()) {
      const root = this.#posts().find(({ dataset }) => dataset.path === fold.dataset.root);
      if (root?.dataset.state === "moved") fold.remove();
    }
  }

  /** How many posts, counted when the fold was rendered, moved away with the one they answer. */
  #movedBehind(fold) {
    const { after, lastNumber } = describeFold(fold);
    return [...this.#aside.values()].filter(
      ({ dataset }) =>
        "aside" in dataset &&
        dataset.root === fold.dataset.root &&
        dataset.path > after &&
        Number(dataset.number) <= lastNumber,
    ).length;
  }

  #countFolds(posts) {
    for (const fold of this.#folds()) {
      if (!this.#leftAtFirst.has(fold)) this.#leftAtFirst.set(fold, Number(fold.dataset.left));
      const grown = posts.filter(({ root }) => root === fold.dataset.root).length;
      const left = String(this.#leftAtFirst.get(fold) + grown - this.#movedBehind(fold));
      if (Number(left) <= 0) fold.remove();
      if (fold.dataset.left === left) continue;
      fold.dataset.left = left;
      fold.querySelector("a").textContent = sentence(fold, Number(left));
    }
  }
}

/** The stub of a post that moved with the one it answers is nowhere to be seen. */
function isShown({ dataset }) {
  return !("aside" in dataset);
}

/** The lasting address of a post on another page. */
function addressOf(post) {
  return post?.fragment.querySelector(".post__time")?.getAttribute("href") ?? "";
}

function describe(fragment) {
  const { number, path, root } = fragment.dataset;
  return { number: Number(number), path, root, fragment };
}

function describeFold({ dataset }) {
  return { after: dataset.after, lastNumber: Number(dataset.lastNumber ?? 0) };
}

function inDocumentOrder(one, other) {
  return one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}
