// Keeps the look, an empty debrief form and a page that says there is no signal. Nothing about anyone is kept:
// what people typed rests, encrypted, in the page's own store (drafts-store.js), and pages are never cached here.
const KEPT = {{ kept|safe }};
const CACHE = `cairn-${KEPT.version}`;
const WRITING = /^\/debriefs\/\d+\/write\/$/;

// A café's own sign-in page answers 200 to anything: pages of ours are signed, and no file of ours is a page.
function isOurs(address, answer) {
  if (KEPT.files.includes(address)) return !answer.headers.get("Content-Type")?.includes("text/html");
  return answer.headers.has("X-Kept");
}

async function keep(cache, address) {
  const answer = await fetch(address, { cache: "reload", credentials: "same-origin" });
  // Signed out, the empty form answers with the sign-in page: that is not it.
  if (answer.ok && !answer.redirected && isOurs(address, answer)) await cache.put(address, answer);
}

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all([...KEPT.files, KEPT.offline, KEPT.blank].map((address) => keep(cache, address).catch(() => {})));
}

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("cairn-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

async function noSignal(request) {
  const cache = await caches.open(CACHE);
  const page = WRITING.test(new URL(request.url).pathname) && request.method === "GET" ? KEPT.blank : KEPT.offline;
  return (await cache.match(page)) ?? (await cache.match(KEPT.offline)) ?? Response.error();
}

async function keptFile(request) {
  return (await (await caches.open(CACHE)).match(request, { ignoreSearch: true })) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (address.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => noSignal(event.request)));
  else if (KEPT.files.includes(address.pathname)) event.respondWith(fetch(event.request).catch(() => keptFile(event.request)));
});
