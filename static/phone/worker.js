// The service worker of /p: the page opens without network. `KEPT` is written before this by the server. The scope
// begins other addresses too (/passes, /plan): they are left alone, and so is whatever this list does not name.
const CACHE = `resume-phone-${KEPT.version}`;
const PATIENCE = 2500; // milliseconds: with one bar of network the kept page is better than a white one

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([KEPT.shell, ...KEPT.files].map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("resume-phone-") && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (url.pathname === KEPT.shell) event.respondWith(page(event.request));
  } else if (KEPT.files.includes(url.pathname + url.search)) {
    event.respondWith(file(event.request));
  }
});

/** The server's page while it answers (in the reader's language of now), else the kept one. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout?.(PATIENCE) });
    if (response.ok) await cache.put(KEPT.shell, response.clone());
    if (response.ok || response.status < 500) return response;
  } catch {
    // no network, or a server that is gone
  }
  return (await cache.match(KEPT.shell)) ?? Response.error();
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}
