// The installed app: what of it is here, what could not be fetched, and changing to a new
// version, which is done only between respondents.

import { keep, kept } from "./store.js";

const DAY = 24 * 3600_000;
const PATIENCE = 5000; // milliseconds
const workers = navigator.serviceWorker;
let registration = null;
let checkedAt = 0;

// Calls act whenever something has changed.
export async function begin(act) {
  const hadWorker = Boolean(workers.controller);
  workers.addEventListener("message", async ({ data }) => {
    if (data.kind !== "install-failed") return;
    await remember({ failed: data.url });
    act();
  });
  workers.addEventListener("controllerchange", () => {
    if (hadWorker) location.reload();
    else act();
  });
  adopt(await workers.getRegistration("/platta"), act); // at once, also without network
  try {
    const options = { scope: "/platta", updateViaCache: "none" };
    adopt(await workers.register("/service-worker.js", options), act);
    update();
  } catch {
    if (!registration) await remember({ failed: "/service-worker.js" });
    act();
  }
}

function adopt(found, act) {
  if (!found || found === registration) return;
  registration = found;
  registration.addEventListener("updatefound", () => follow(registration.installing, act));
  if (registration.installing) follow(registration.installing, act);
  act();
}

function follow(worker, act) {
  worker.addEventListener("statechange", async () => {
    if (worker.state === "installed") await remember({ failed: "" });
    act();
  });
}

async function remember(news) {
  const known = (await kept("install")) ?? {};
  const isNew = Object.entries(news).some(([name, value]) => known[name] !== value);
  if (isNew) await keep("install", { ...known, ...news });
}

// What was found: "newest", "coming" or "offline".
export async function update() {
  try {
    const { installing, waiting } = await registration.update();
    checkedAt = Date.now();
    if (installing || waiting) return "coming";
    await remember({ failed: "" });
    return "newest";
  } catch {
    return "offline"; // a failed install is told of by itself
  }
}

// To be called when there is network: at load there may have been none.
export function updateIfDue() {
  if (registration && Math.abs(Date.now() - checkedAt) > DAY) update();
}

// {version, missing, failed}: missing is null while nothing is installed.
export async function state() {
  const worker = registration?.active;
  const answer = worker && (await asked(worker, "state"));
  const { version, missing } = answer ?? { version: "", missing: null };
  if (version) await remember({ version });
  return { version, missing, failed: (await kept("install"))?.failed ?? "" };
}

// What the worker answers; nothing if it does not.
function asked(worker, kind) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data);
    setTimeout(resolve, PATIENCE);
    worker.postMessage({ kind }, [port2]);
  });
}

// To be called only when no draft lives; a page with questions open elsewhere holds the lock.
export function changeVersion() {
  return navigator.locks.request("respondent", { ifAvailable: true }, async (lock) => {
    if (!lock || !registration) return;
    if (registration.waiting) await asked(registration.waiting, "take over");
    else if (registration.active) await asked(registration.active, "tidy");
  });
}
