/** A time told by its distance while it is near; the full words stay in the title. */

const REFRESH_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FULL_AFTER_DAYS = 7;

const shown = new Set();
let timer = 0;

class TimeAgo extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    if (!time) return;
    time.title ||= time.textContent.trim();
    this.refresh();
    shown.add(this);
    timer ||= setInterval(refreshAll, REFRESH_MS);
  }

  disconnectedCallback() {
    shown.delete(this);
    if (shown.size > 0) return;
    clearInterval(timer);
    timer = 0;
  }

  refresh() {
    const time = this.querySelector("time");
    const text = distance(new Date(time.dateTime)) ?? time.title;
    if (time.textContent !== text) time.textContent = text;
  }
}

/** The distance in the page's language; null when it is so far that a date says more. */
function distance(moment) {
  const { lang, dataset } = document.documentElement;
  const words = new Intl.RelativeTimeFormat(lang || "pl", { numeric: "auto" });
  const passed = Date.now() - moment.getTime();
  if (passed < MINUTE_MS) return dataset.justNow || words.format(0, "second");
  if (passed < HOUR_MS) return words.format(-Math.floor(passed / MINUTE_MS), "minute");
  if (passed < DAY_MS) return words.format(-Math.floor(passed / HOUR_MS), "hour");
  const days = daysBetween(moment, new Date());
  return days < FULL_AFTER_DAYS ? words.format(-days, "day") : null;
}

/** Days of the calendar: thirty hours ago may be yesterday or the day before. */
function daysBetween(earlier, later) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  return Math.round((midnight(later) - midnight(earlier)) / DAY_MS);
}

function refreshAll() {
  if (document.visibilityState === "hidden") return;
  for (const element of shown) element.refresh();
}

document.addEventListener("visibilitychange", refreshAll);
customElements.define("time-ago", TimeAgo);
