/** Switches push messages on for this browser, and tells which of the listed devices it is. */

class PushDevice extends HTMLElement {
  connectedCallback() {
    this.#button.addEventListener("click", this.#switchOn);
    this.#prepare();
  }

  disconnectedCallback() {
    this.#button.removeEventListener("click", this.#switchOn);
  }

  get #button() { return this.querySelector("button"); }
  get #form() { return this.querySelector("form"); }

  async #prepare() {
    if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
      return this.#say(this.#isApple ? "apple" : "unsupported");
    }
    if (Notification.permission === "denied") return this.#say("denied");
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription && (await this.#isListed(subscription))) return this.#say("on");
    this.#form.hidden = false;
  }

  #switchOn = async (event) => {
    event.preventDefault();
    this.#button.setAttribute("aria-busy", "true");
    try {
      if ((await Notification.requestPermission()) !== "granted") return this.#say("denied");
      this.#send(await this.#subscription());
    } catch {
      this.#say("failed");
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
  };

  /** A subscription with another key than the forum's of today is of no use any more. */
  async #subscription() {
    await navigator.serviceWorker.register(this.dataset.worker, { scope: "/" });
    const { pushManager } = await navigator.serviceWorker.ready;
    const wish = { userVisibleOnly: true, applicationServerKey: this.dataset.key };
    const old = await pushManager.getSubscription();
    if (old && toText(old.options.applicationServerKey) !== this.dataset.key) await old.unsubscribe();
    return pushManager.subscribe(wish);
  }

  #send(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    const { elements } = this.#form;
    elements.endpoint.value = endpoint;
    elements.key.value = keys.p256dh;
    elements.secret.value = keys.auth;
    this.#form.submit();
  }

  /** The list holds no endpoints, which are secret, but what they hash to. */
  async #isListed({ endpoint }) {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    const digest = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const row = document.querySelector(`[data-device="${digest}"]`);
    row?.querySelector("[data-part=this]")?.removeAttribute("hidden");
    return row !== null;
  }

  /** An iPhone offers push only to a forum that was put on its home screen. */
  get #isApple() { return /iPhone|iPad/.test(navigator.userAgent); }

  #say(part) {
    this.#form.hidden = true;
    for (const line of this.querySelectorAll("[data-says]")) line.hidden = line.dataset.says !== part;
  }
}

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

customElements.define("push-device", PushDevice);
