/** The entry on every page: imports what the page has, and nothing else. */

const MODULES = [
  ["time-ago", "forum/elements/time-ago"],
  ["notification-bell", "forum/elements/notification-bell"],
  ["notification-list", "forum/elements/notification-list"],
  ["theme-switch", "forum/elements/theme-switch"],
  ["find-organization", "forum/elements/find-organization"],
  ["pass-key", "forum/elements/pass-key"],
  ["similar-threads", "forum/elements/similar-threads"],
  ["body", "forum/keys"],
  ["details.menu", "forum/menus"],
  ["print-page", "forum/elements/print-page"],
  ["push-device", "forum/elements/push-device"],
  ["reaction-button", "forum/elements/reaction-button"],
  ["read-marks", "forum/elements/read-marks"],
  ["who-is-here", "forum/elements/who-is-here"],
  ["waiting-threads", "forum/elements/waiting-threads"],
  ["waits-for", "forum/elements/waits-for"],
  ["[data-since]", "forum/elements/since-line"],
  ["people-here", "forum/elements/people-here"],
  ["jump-rail", "forum/elements/jump-rail"],
  ["unread-counts", "forum/elements/unread-counts"],
  ["own-actions", "forum/elements/own-actions"],
  ["#save", "forum/elements/save-post"],
  ["#unread", "forum/elements/unread-from"],
  ["#accept", "forum/elements/accept-answer"],
  ["read-aloud", "forum/elements/read-aloud"],
  ["post-composer", "forum/elements/post-composer"],
  ["post-composer[data-quote]", "forum/composer/quoting"],
  ["send-anyway", "forum/elements/send-anyway"],
  ["rich-text", "forum/editor/rich-text"],
  ["attached-files", "forum/elements/attached-files"],
  ["new-strip", "forum/elements/new-strip"],
  [".fold", "forum/elements/branch-fold"],
  ["desk-counts", "forum/elements/desk-counts"],
  ["desk-keys", "forum/elements/desk-keys"],
  ["case-watch", "forum/elements/case-watch"],
  ["lease-mark", "forum/elements/lease-mark"],
  ["live-state[data-current]", "forum/elements/live-state"],
  ["[data-streams]", "forum/live/page"],
];

function importPresent() {
  const present = MODULES.filter(([selector]) => document.querySelector(selector));
  return Promise.allSettled(present.map(([, module]) => import(module)));
}

/**
 * A click on what a module acts on waits for the module: the page behind a link would not have the
 * words that were typed so far, and a button would do nothing.
 */
function waitForModules(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!event.target.closest?.("[data-action], [data-part]")) return;
  event.preventDefault();
  event.stopPropagation();
  // What was pressed, which may stand within what is named: the button of a form.
  const pressed = event.target.closest("a, button, input, label, summary") ?? event.target;
  ready.then(() => pressed.click?.());
}

document.addEventListener("click", waitForModules, { capture: true });
const ready = importPresent().then(() => {
  document.removeEventListener("click", waitForModules, { capture: true });
});
// A fragment may bring the first element of its kind.
document.addEventListener("live:applied", importPresent);
