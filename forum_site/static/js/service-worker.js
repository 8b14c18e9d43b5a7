/**
 * Shows what the forum pushes to this device, and opens it. Served at the root by the notifications
 * room, so that its scope is the whole forum. It keeps nothing and stands before no request.
 */

self.addEventListener("push", (event) => {
  const told = event.data?.json();
  if (!told) return;
  const { title, body, url, tag, lang } = told;
  const shown = { body, tag, lang, renotify: true, icon: told.icon, data: { url } };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

/** Brings the page to the front if it is open, else opens it; never a page of another site. */
async function open(address) {
  const url = new URL(address ?? "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const here = windows.find((window) => window.url === url.href);
  await (here ? here.focus() : self.clients.openWindow(url.href));
}
