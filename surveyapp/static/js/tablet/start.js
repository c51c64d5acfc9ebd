// The tablet in the officer's hand: which view it needs now, and what its buttons do.

import { today } from "./clock.js";
import { enrol } from "./device.js";
import { addressOf, current, endOf } from "./draft.js";
import * as install from "./install.js";
import { beginMoves, showMoves } from "./moves.js";
import { askForUnit, formOn, isTouched, ready, unitOfToday } from "./offer.js";
import { saveRescueFile } from "./outbox.js";
import { all, fillTitle, isShown, part, show } from "./page.js";
import { showQueue, showStatus } from "./status.js";
import { kept } from "./store.js";
import * as sync from "./sync.js";

const isAble = () =>
  window.isSecureContext && crypto.subtle && navigator.serviceWorker && navigator.locks && window.indexedDB;

// An occasion that goes on, or an end that the officer has not seen, comes before everything.
async function whereElse() {
  const draft = await current();
  if (draft) return addressOf(draft.occasion);
  const ended = await kept("ended");
  return ended && endOf(ended);
}

let showing = null;
let isDue = false;

// One at a time: news may come from the network, the worker and other pages at once.
function refresh() {
  isDue = true;
  showing ??= showNews();
  return showing;
}

async function showNews() {
  while (isDue) {
    isDue = false;
    part("broken").hidden = await showAll().then(() => true, () => false);
  }
  showing = null; // at once: what comes after the last look needs one of its own
}

async function showAll() {
  const elsewhere = await whereElse();
  if (elsewhere) return location.replace(elsewhere);
  await showView();
  await showStatus();
  await showMoves();
  const form = isShown("offer") && all("[data-offer]").find((each) => !each.hidden);
  if (!form || !isTouched(form)) await install.changeVersion();
}

async function showView() {
  const [tablet, standing, state] = [await kept("tablet"), await kept("standing"), await kept("state")];
  part("again").hidden = standing !== "unknown";
  part("change").hidden = true;
  if (!tablet || standing === "unknown") return show("enrol");
  if (standing === "revoked") return show("revoked");
  if (!state) return show("contact");
  const unit = await unitOfToday(state);
  if (isShown("unit") || isShown("confirm")) return; // somebody is choosing
  if (!unit) return askForUnit(state, chosen);
  const form = formOn(today(state));
  if (!form) return show("nothing");
  ready(form, unit, state, counted);
  show("offer");
  fillTitle(unit.name);
  part("change").hidden = state.units.length < 2;
}

function chosen() {
  show("");
  refresh();
}

// What waits is seen before it is said that it was noted. That it is noted stands already.
async function counted() {
  await showQueue().catch(() => {});
  refresh();
  sync.sync();
}

async function enrolWith(code) {
  const fault = part("code-fault");
  try {
    fault.textContent = await enrol(code);
  } catch {
    fault.textContent = fault.dataset.offline;
  }
  if (fault.textContent) return;
  await navigator.storage?.persist?.();
  await sync.sync();
}

async function lookForNewer() {
  const status = part("update-status");
  const found = await install.update();
  status.textContent = status.dataset[found];
}

function listen() {
  part("enrol").addEventListener("submit", (event) => {
    event.preventDefault();
    enrolWith(event.target.elements.code.value);
  });
  part("connect").addEventListener("click", sync.sync);
  part("send").addEventListener("click", async () => {
    part("unsent").hidden = await sync.sync();
  });
  part("change").addEventListener("click", async () => {
    part("change").hidden = true;
    askForUnit(await kept("state"), chosen);
  });
  part("update").addEventListener("click", lookForNewer);
  part("rescue").addEventListener("click", saveRescueFile);
}

async function begin() {
  if (!isAble()) return void (part("needs").hidden = false);
  listen();
  beginMoves(sync.sync);
  await refresh();
  navigator.storage?.persist?.();
  install.begin(refresh);
  sync.begin((hasContact) => {
    if (hasContact) install.updateIfDue();
    refresh();
  });
}

begin();
