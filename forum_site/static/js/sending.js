/** Sending a form's fields with fetch, as the doors of the forum expect it. */

const SEND_TIMEOUT_MS = 20_000;

/**
 * Posts the fields and gives `{status, data, url, redirected}`; `data` is null when the answer is
 * not JSON. Throws when nobody answered in time: then it is unknown whether the server acted.
 */
export async function send(url, fields, { keepalive = false } = {}) {
  // The token in the page is stale after a login in another tab; the cookie's is not.
  fields.delete("csrfmiddlewaretoken");
  const response = await fetch(url, {
    method: "POST",
    body: fields,
    keepalive,
    headers: { "X-CSRFToken": csrfToken(), "X-Fragment": "1", Accept: "application/json" },
    credentials: "same-origin",
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  const isJson = (response.headers.get("Content-Type") ?? "").includes("application/json");
  const data = isJson ? await response.json() : null;
  return { status: response.status, data, url: response.url, redirected: response.redirected };
}

/** Every sentence with which the server turned the fields down; empty when it gave none. */
export function refusals(data) {
  if (!data) return [];
  return [data.refusal, ...Object.values(data.errors ?? {}).flat()].filter(Boolean);
}

/** Whether the answer is the login page, to which Django led because the session had ended. */
export function isLoginPage(answer) {
  const login = document.documentElement.dataset.loginUrl;
  return Boolean(login && answer.redirected && new URL(answer.url).pathname.startsWith(login));
}

/** Goes to the login page and comes back here. */
export function goToLogin() {
  const login = document.documentElement.dataset.loginUrl;
  if (!login) return;
  const next = location.pathname + location.search + location.hash;
  location.assign(`${login}?next=${encodeURIComponent(next)}`);
}

export function csrfToken() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return cookie ? decodeURIComponent(cookie.slice("csrftoken=".length)) : "";
}
