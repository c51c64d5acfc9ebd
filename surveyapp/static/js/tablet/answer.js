// Answering on a tablet that others hold before and after: what is kept, hidden and ended.

import {
  all, begin, busy, filled, form, go, goForGood, goOn, leaveOut, onTap, part, root,
  setSize, showTrouble, stepOf, steps, swap, where,
} from "../respond.js";
import * as given from "./answers.js";
import * as draft from "./draft.js";

const REST = 3 * 60_000; // until the questions are hidden
const TICK = 1000;
const STALE = 60_000; // a tap that changes nothing keeps the draft alive, once a minute
const PATIENCE = 1500; // until somebody is asked for help
const AGAIN = 3000; // until ending is tried again

const { state } = given;
const [hidden, few, stop] = ["hidden", "few", "stop"].map(stepOf);
let touchedAt = Date.now();
let hasWoken = false; // the tap that finds the questions at rest is no wish
let savedAt = 0;
let result = null; // what the answers came to; once said, it stands
let ending = null;
let nextTry = 0;

const isHidden = () => where() === hidden;

function save() {
  if (isHidden() || result) return;
  savedAt = Date.now();
  state.size = root.dataset.size ?? state.size;
  draft.save(given.content());
}

// The page of an occasion

function fit({ occasion, shown }) {
  if (occasion.form_length === "short") {
    form.dataset.short = "";
    for (const step of all('[data-step="question"]:not([data-short])')) leaveOut(step);
  }
  for (const option of all("[data-officers-from]")) {
    if (shown.named_officers < Number(option.dataset.officersFrom)) option.remove();
  }
}

// Until the page goes away, the application is not renewed and no other page answers.
const locked = new Promise((granted) => {
  navigator.locks.request("respondent", () => {
    granted();
    return new Promise(() => {});
  });
});

async function open() {
  await locked;
  const found = await draft.current();
  if (!found) return location.replace(form.dataset.start);
  const address = draft.addressOf(found.occasion);
  if (address !== location.pathname) return location.replace(address);
  fit(found);
  given.restore(found.content);
  // Left for another language a moment ago; after a rest it may be somebody else.
  const isSamePerson = !found.begun && Date.now() - found.saved_at < REST;
  if (isSamePerson) given.putBack();
  setSize(state.size);
  offerLanguages(found.occasion);
  begin(isSamePerson ? steps[0] : hidden, {
    held: given.heldAnswer,
    asks: given.asks,
    counts: given.counts,
    forward,
    stop: stopNow,
    moved,
    changed: save,
    beforeFirst: () => history.forward(),
    send,
  });
  if (!found.begun) draft.save(given.content(), { begun: true });
  setInterval(look, TICK);
}

function offerLanguages(occasion) {
  for (const link of all("[data-language]")) {
    onTap(link, async () => {
      const { language } = link.dataset;
      await draft.save(given.content(), { occasion: { ...occasion, language }, begun: false });
      location.replace(link.href);
    });
    link.addEventListener("click", (event) => event.preventDefault());
  }
}

function moved(step) {
  given.reach(step);
  const isOver = step === stop && part("resume").hidden;
  part("someone").hidden = isOver || !given.isPastWho();
  save();
}

// Somebody else answers now

function forward(step) {
  if (!state.isAsking) return goOn(step);
  const more = given.asksAgain(step);
  if (more) return go(more);
  state.isAsking = false;
  goForGood(given.nextUnanswered());
}

function askAgain() {
  given.hold();
  Object.assign(state, { isAsking: true, isMixed: true });
  goForGood(given.who);
}

onTap(part("someone"), askAgain);

// "Stop now", and once the few short questions that remain

function stopNow() {
  given.noteStop();
  const left = given.shortOnes();
  if ("short" in form.dataset || state.isOffered || left.length === 0 || !given.isAnything()) {
    return go(stop);
  }
  state.isOffered = true;
  const heading = few.querySelector("h2");
  const { one, other } = heading.dataset;
  heading.textContent = left.length === 1 ? one : filled(other, { n: left.length });
  go(few);
}

onTap(part("yes"), () => {
  const left = given.shortOnes();
  state.few = left.map((step) => step.id);
  swap(state.isAsking ? given.who : left[0]);
});
onTap(part("no"), () => swap(stop));

// Hidden after a rest: a fresh page, which holds no answer

function look() {
  if (result || !isLate()) return;
  if (isHidden()) send("drop");
  else hide();
}

const isLate = () =>
  isHidden() ? draft.isOver() : Math.abs(Date.now() - touchedAt) >= REST;

async function hide() {
  given.hold();
  goForGood(hidden);
  await draft.saved();
  if (isHidden()) location.reload();
}

// After the device has slept a tap may come before the next look at the clock.
function touch() {
  hasWoken = isLate();
  if (hasWoken) return look();
  touchedAt = Date.now();
  if (touchedAt - savedAt > STALE) save();
}

for (const name of ["pointerdown", "keydown", "input", "wheel"]) {
  document.addEventListener(name, touch, { capture: true, passive: true });
}
document.addEventListener("click", (event) => {
  if (!hasWoken) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });
document.addEventListener("visibilitychange", look);

onTap(part("go"), () => {
  if (state.isAsking) askAgain();
  else goForGood(given.furthest());
});

onTap(part("end"), () => {
  if (!given.isAnything()) return send("drop");
  given.noteStop();
  goForGood(stop);
});

// The end

function resultOf(outcome) {
  const answers = given.answers();
  const isEmpty = outcome === "keep" && !given.isAnything();
  if (outcome === "drop" || isEmpty) return { outcome: "stopped" };
  if (outcome === "keep" || state.few) {
    return { outcome: "partly", answers, stopped_at: state.stoppedAt };
  }
  return { outcome: "answered", answers };
}

function send(wish) {
  result ??= resultOf(wish);
  if (result.outcome === "stopped") {
    given.throwAway();
    draft.throwAway();
  }
  busy(true);
  setTimeout(() => ending && askForHelp(wish), PATIENCE);
  tryToEnd(wish);
}

const askForHelp = (wish) => showTrouble(wish, goForGood);

function tryToEnd(wish) {
  clearTimeout(nextTry);
  ending ??= draft
    .finish(result.outcome, result)
    .then(() => location.replace(form.dataset.done))
    .catch(() => {
      askForHelp(wish);
      nextTry = setTimeout(tryToEnd, AGAIN, wish);
    })
    .finally(() => (ending = null));
}

open();
