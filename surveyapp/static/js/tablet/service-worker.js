// Keeps the tablet's pages and files for when there is no network. LIST, which the server puts
// above, says which: {version, files: [{url, sha256}]}.

const PREFIX = "platta-";
const OWN = PREFIX + LIST.version;

// All or nothing: until the last file is here, and is the right one, the version before serves.
// A version that comes back may be the one that serves: then its files stay, whatever happens.
async function install() {
  const wasHere = await caches.has(OWN);
  const cache = await caches.open(OWN);
  try {
    await Promise.all(LIST.files.map((file) => fetchInto(cache, file)));
    if (!(await caches.has(OWN))) throw new Error(OWN); // cleared away in the meantime
  } catch (error) {
    if (!wasHere) await caches.delete(OWN);
    await tell({ kind: "install-failed", url: error.message });
    throw error;
  }
}

async function fetchInto(cache, { url, sha256 }) {
  try {
    const response = await fetch(url, { cache: "no-cache", redirect: "error" });
    const content = await response.clone().arrayBuffer();
    if (!response.ok || (await digest(content)) !== sha256) throw new Error(url);
    await cache.put(url, response);
  } catch {
    throw new Error(url);
  }
}

async function digest(content) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function tell(message) {
  const windows = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  for (const window of windows) window.postMessage(message);
}

// An answer that was begun on an earlier version goes on with that version's files.
async function served(request) {
  const ignoreSearch = request.mode === "navigate";
  for (const name of [OWN, ...(await earlier())]) {
    const found = await (await caches.open(name)).match(request, { ignoreSearch, ignoreVary: true });
    if (found) return found;
  }
  return fetch(request);
}

async function earlier() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN);
}

// What the browser has thrown away is fetched again; the files that are still missing.
async function missing() {
  const cache = await caches.open(OWN);
  const checks = LIST.files.map(async (file) => {
    if (await cache.match(file.url, { ignoreVary: true })) return "";
    return fetchInto(cache, file).then(() => "", () => file.url);
  });
  return (await Promise.all(checks)).filter(Boolean);
}

// Not while a newer version is being fetched: its cache is not an earlier one.
async function tidy() {
  const { installing, waiting } = self.registration;
  if (installing || waiting) return;
  await Promise.all((await earlier()).map((name) => caches.delete(name)));
}

const ASKED = {
  "take over": () => self.skipWaiting(),
  "tidy": tidy,
  "state": async () => ({ version: LIST.version, missing: await missing() }),
};

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const answer = ASKED[event.data.kind]().then((result) => event.ports[0].postMessage(result));
  event.waitUntil(answer);
});

self.addEventListener("fetch", (event) => {
  const isOurs = new URL(event.request.url).origin === self.location.origin;
  if (event.request.method === "GET" && isOurs) event.respondWith(served(event.request));
});
