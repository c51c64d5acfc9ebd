// Whether everything is sent, and what somebody should do something about.

import { daysBetween, isWrong, today } from "./clock.js";
import * as install from "./install.js";
import { waiting } from "./outbox.js";
import { all, fill, filled, part } from "./page.js";
import { hasRoom, kept } from "./store.js";

const LATE = 2; // days: answers wait 48 hours at most
const SILENT = 14; // days without contact
const FULL = 0.8;
const ROOM = 20 * 1024 * 1024; // bytes
const DAYS_WORK = 256 * 1024; // bytes, and more than a day's answers

let room = null;

export async function showStatus() {
  const [state, tablet, queue] = [await kept("state"), await kept("tablet"), await showQueue()];
  const day = today(state);
  notice("late", queue.n > 0 && daysBetween(queue.oldest, day) >= LATE, {
    n: queue.n && daysBetween(queue.oldest, day),
  });
  notice("silent", state && daysBetween(state.today, day) >= SILENT, {
    n: state && daysBetween(state.today, day),
  });
  notice("clock", isWrong(state));
  part("name").textContent = tablet ? `${tablet.name} (${tablet.id})` : "–";
  part("last-contact").textContent = state?.today ?? "–";
  await showStorage(Boolean(tablet));
  await showInstall();
  for (const list of all("ul:has([data-notice])")) list.hidden = !list.querySelector("li:not([hidden])");
}

// What waits, shown at once: nothing else of the status is asked for.
export async function showQueue() {
  const queue = await waiting();
  const { n, offers } = queue;
  const isEmpty = n + offers === 0;
  part("queue").hidden = isEmpty;
  part("all-sent").hidden = !isEmpty || !(await kept("tablet"));
  part("waiting").hidden = n === 0;
  fill(part("waiting"), { n });
  part("offers").hidden = offers === 0;
  fill(part("offers"), { n: offers });
  if (isEmpty) part("unsent").hidden = true;
  return queue;
}

function notice(name, isOn, values = {}) {
  const element = document.querySelector(`[data-notice="${name}"]`);
  element.hidden = !isOn;
  if (isOn && element.dataset.many) fill(element, values);
}

async function showStorage(isEnrolled) {
  const isPersisted = await navigator.storage?.persisted?.();
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  const isNear = quota !== undefined && (usage > quota * FULL || quota - usage < ROOM);
  room ??= hasRoom(DAYS_WORK); // some browsers name a quota that is not theirs
  notice("unprotected", isEnrolled && isPersisted === false);
  notice("full", isNear || !(await room));
}

async function showInstall() {
  const { version, missing, failed } = await install.state();
  const file = failed || missing?.[0];
  const isReady = missing?.length === 0;
  notice("failed", isReady && failed, { file });
  notice("absent", !isReady && file, { file });
  const ready = part("ready");
  ready.hidden = Boolean(file) && !isReady;
  ready.textContent = filled(isReady ? ready.dataset.ready : ready.dataset.fetching, { version });
}
