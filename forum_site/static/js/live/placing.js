/** Where a post belongs that is not on the page. Plain data in, a word out: no DOM here. */

/**
 * One of: "known" (the page was rendered with it elsewhere, behind a fold or on another page),
 * "here", "fold" (behind its branch's fold), "later" (new, on another page).
 *
 * `post`: number, path, root (path of its root). `page`: order, lastNumber, hasLater, branch (the
 * only root of the page, or ""), roots (Set of paths), folds (Map: root → {after, lastNumber}).
 */
export function placeOf(post, page) {
  if (post.number <= page.lastNumber) return "known";
  if (page.order === "time") return page.hasLater ? "later" : "here";
  if (post.path === post.root) return page.hasLater || page.branch ? "later" : "here";
  return page.roots.has(post.root) ? placeInBranch(post, page.folds.get(post.root)) : "later";
}

function placeInBranch(post, fold) {
  if (!fold || post.path <= fold.after) return "here";
  return post.number <= fold.lastNumber ? "known" : "fold";
}

/**
 * The places of many posts, as a Map from place to posts. A root that waits takes the replies
 * that wait with it along, whichever of them came first.
 */
export function placeAll(posts, page) {
  const places = new Map(["known", "here", "fold", "later"].map((place) => [place, []]));
  const roots = new Set(page.roots);
  // By path a root comes before its replies.
  for (const post of [...posts].sort(byPath)) {
    const place = placeOf(post, { ...page, roots });
    if (place === "here") roots.add(post.root);
    places.get(place).push(post);
  }
  return places;
}

export function byPath(one, other) {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}
