/** A page that follows streams: one connection, one follower a stream, and the state they make. */

import { apply } from "forum/live/apply";
import { backoffMs, between } from "forum/live/backoff";
import { GONE, readChanges } from "forum/live/changes";
import { Connection, LOGGED_OUT } from "forum/live/connection";
import { Follower } from "forum/live/follow";
import { presence } from "forum/live/attending";
import { liveState } from "forum/live/state";

const OFFLINE_AFTER_MS = 1_500;
const FIRST_CONNECT_MS = 5_000;
const POLL_AFTER_FAILURES = 3;
const POLL_EVERY_MS = [12_000, 18_000];

class LivePage {
  #followers = new Map();
  #shown = new Set(streamsOf(document.querySelectorAll("[data-streams]:not(notification-bell)")).keys());
  #unanswered = new Set(); // streams whose current number the server has not told since the opening
  #connection;
  #lostAt = new Date();
  #offline = 0;
  #poll = 0;
  #isPolling = false;
  #troubles = new Map();

  constructor(streams) {
    for (const [stream, seen] of streams) this.#follow(stream, seen);
    this.#connection = new Connection(socketUrl(), () => this.#seen());
    this.#connection.addEventListener("open", () => this.#opened());
    this.#connection.addEventListener("frame", (event) => this.#take(event.detail));
    this.#connection.addEventListener("lost", (event) => this.#lost(event.detail));
    this.#connection.addEventListener("nudge", () => this.#nudged());
    this.#connection.addEventListener("ended", (event) =>
      this.#end(event.detail === LOGGED_OUT ? "logged-out" : "refused"),
    );
  }

  start() {
    presence.addEventListener("writing", ({ detail }) => this.#connection.hint({ writing: detail }));
    this.#offline = setTimeout(() => this.#sayOffline(), FIRST_CONNECT_MS);
    this.#connection.start();
  }

  #follow(stream, seen) {
    const read = (since) => readChanges(stream, since);
    this.#followers.set(stream, new Follower({ seen, read, apply }));
  }

  #seen() {
    return Object.fromEntries([...this.#followers].map(([stream, { seen }]) => [stream, seen]));
  }

  #opened() {
    this.#unanswered = new Set(this.#followers.keys());
  }

  #take(frame) {
    const { type, stream, seq, html } = frame;
    if (type === "presence") return void presence.tell(frame);
    this.#unanswered.delete(stream);
    if (type === "refused") this.#drop(stream);
    else this.#catchingUp(stream, this.#followers.get(stream)?.receive(seq, html));
    this.#settle();
  }

  /** Waits for a catch-up, and tries again later when it fails. */
  async #catchingUp(stream, run) {
    if (!run) return true;
    this.#settle();
    try {
      await run;
      this.#troubles.delete(stream);
    } catch (trouble) {
      this.#retry(stream, trouble);
      return false;
    } finally {
      this.#settle();
    }
    return true;
  }

  #retry(stream, trouble) {
    if (GONE.has(trouble.status)) return this.#drop(stream);
    const { failures = 0, timer } = this.#troubles.get(stream) ?? {};
    clearTimeout(timer);
    const again = () => this.#catchingUp(stream, this.#followers.get(stream)?.catchUp());
    const next = setTimeout(again, backoffMs(failures));
    this.#troubles.set(stream, { failures: failures + 1, timer: next });
  }

  #drop(stream) {
    clearTimeout(this.#troubles.get(stream)?.timer);
    this.#troubles.delete(stream);
    this.#followers.delete(stream);
    // The bell alone does not make a page that may no longer be read a live one.
    const isOver = this.#shown.delete(stream) && this.#shown.size === 0;
    if (isOver || this.#followers.size === 0) this.#end("refused");
  }

  #lost(failures) {
    if (!this.#offline) {
      this.#lostAt = new Date();
      this.#offline = setTimeout(() => this.#sayOffline(), OFFLINE_AFTER_MS);
    }
    if (failures >= POLL_AFTER_FAILURES && !this.#isPolling) this.#pollNow();
  }

  #nudged() {
    if (this.#isPolling) this.#pollNow();
  }

  async #pollNow() {
    clearTimeout(this.#poll);
    this.#isPolling = true;
    const runs = [...this.#followers].map(([stream, follower]) =>
      this.#catchingUp(stream, follower.catchUp()),
    );
    const isReached = (await Promise.all(runs)).every(Boolean);
    if (!this.#isPolling) return;
    if (isReached) {
      this.#isOnline();
      liveState.set("polling");
    } else if (liveState.name === "polling") {
      this.#lost(0);
    }
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => this.#pollNow(), between(...POLL_EVERY_MS));
  }

  #settle() {
    if (!this.#connection.isOpen || this.#unanswered.size > 0) return;
    this.#isPolling = false;
    clearTimeout(this.#poll);
    this.#isOnline();
    const isBehind = [...this.#followers.values()].some((follower) => follower.isBehind);
    liveState.set(isBehind ? "catching-up" : "current");
  }

  #isOnline() {
    clearTimeout(this.#offline);
    this.#offline = 0;
  }

  #sayOffline() {
    liveState.set("offline", this.#lostAt);
  }

  #end(state) {
    for (const stream of [...this.#followers.keys()]) {
      clearTimeout(this.#troubles.get(stream)?.timer);
      this.#followers.delete(stream);
    }
    this.#isPolling = false;
    this.#isOnline();
    clearTimeout(this.#poll);
    this.#connection.stop();
    liveState.set(state);
  }
}

function socketUrl() {
  const url = new URL("/live/", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("language", document.documentElement.lang);
  return url.href;
}

/** Every stream of the elements; named twice, it is followed from the lower number. */
function streamsOf(elements) {
  const streams = new Map();
  for (const element of elements) {
    for (const entry of element.dataset.streams.split(/\s+/).filter(Boolean)) {
      const [stream, number] = entry.split(":");
      streams.set(stream, Math.min(Number(number), streams.get(stream) ?? Infinity));
    }
  }
  return streams;
}

const streams = streamsOf(document.querySelectorAll("[data-streams]"));
if (streams.size > 0) new LivePage(streams).start();
