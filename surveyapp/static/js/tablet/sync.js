// When the tablet sends, and when it tells how it is and hears what it needs.

import { daysWrong } from "./clock.js";
import { post } from "./device.js";
import { sendMoves, movesAsked } from "./moves.js";
import { onChange, send, waiting } from "./outbox.js";
import { keep, kept } from "./store.js";

const SOON = 2000; // milliseconds: a network that says it is back may not be, quite
const FIRST = 30_000;
const LONGEST = 15 * 60_000;
const HOUR = 3600_000; // when nothing waits

let pause = FIRST;
let timer = null;
let running = null;
let isDue = false;
let told = null; // how many answers waited when the server last heard
let onNews = (_hasContact) => {};

// Begins: now, when the network or the person is back, and as long as something waits.
export function begin(act) {
  onNews = act;
  onChange(() => onNews(false));
  addEventListener("online", () => {
    pause = SOON;
    sync();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sync();
  });
  return sync();
}

// Whether everything has arrived. Never throws: what cannot be sent stays, and is tried again.
// One at a time: who asks while it runs gets what came of the next round.
export function sync() {
  isDue = true;
  running ??= run();
  return running;
}

async function run() {
  let isAll = false;
  clearTimeout(timer);
  while (isDue) {
    isDue = false;
    isAll = await round();
  }
  timer = setTimeout(sync, isAll ? HOUR : pause * (0.75 + Math.random() / 2));
  pause = isAll ? FIRST : Math.min(pause * 2, LONGEST);
  running = null; // at once: who asks from here on gets a round of their own
  onNews(isAll);
  return isAll;
}

// The office hears how many answers wait also when they cannot be sent, and again when they
// have been.
async function round() {
  let isTold = await attempt(contact);
  const isSent = await attempt(send);
  if (await attempt(hasNews)) isTold = await attempt(contact);
  return isTold && isSent;
}

const hasNews = async () => (await waiting()).n !== told;

async function attempt(act) {
  try {
    return await act();
  } catch {
    return false;
  }
}

async function contact() {
  const { n, oldest } = await waiting();
  told = n;
  if (!(await kept("tablet"))) return true;
  await sendMoves();
  const said = {
    undelivered: n,
    oldest,
    app: (await kept("install"))?.version ?? "",
    persisted: (await navigator.storage?.persisted?.()) ?? null,
    moves: await movesAsked(),
  };
  const response = await post("/platta/lage", JSON.stringify(said));
  if (!response.ok) return (await kept("standing")) !== "known"; // then nothing to wait for
  const state = await response.json();
  await keep("state", { ...state, days_wrong: daysWrong(state.today) });
  await keep("standing", "known");
  return true;
}
