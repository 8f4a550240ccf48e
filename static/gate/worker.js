// The gate's service worker: keeps the application, so that /gate opens with the server gone. The route puts GATE
// before this text: {version, files, shell, page}. Only the application is kept here, nothing of a person; what the
// device knows of passes is in its store. Everything but the page and its files goes by untouched.
const NAME = `resume-gate-${GATE.version}`;
const PATIENCE = 2500; // ms for the server's own page; then the kept one

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    // The scope takes in neighbours that only begin alike (/gates): they are not ours.
    if (address.pathname === GATE.page) event.respondWith(page(request));
    // What works on line only leads back to the page, which says how it stands.
    else if (address.pathname.startsWith(`${GATE.page}/`) && address.pathname !== GATE.shell) event.respondWith(beside(request));
  } else if ([...GATE.files, GATE.shell].includes(address.pathname + address.search)) {
    event.respondWith(file(request));
  }
});

async function keep() {
  const cache = await caches.open(NAME);
  // A whole that is not there in full is not installed: the one before it stays.
  await cache.addAll([...GATE.files, GATE.shell].map((address) => new Request(address, { cache: "no-cache" })));
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("resume-gate-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request) {
  const asked = fetch(request);
  asked.catch(() => {});
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([asked, late]).catch(() => null);
  if (answer && answer.status < 500) return answer;
  return (await (await caches.open(NAME)).match(GATE.shell)) ?? answer ?? asked;
}

async function beside(request) {
  return fetch(request).catch(() => Response.redirect(GATE.page));
}

async function file(request) {
  return (await (await caches.open(NAME)).match(request)) ?? fetch(request);
}
