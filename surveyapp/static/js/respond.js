// One question per screen out of the long form. The form is whole without this file. A letter's
// form it sends by itself; a tablet's begins with `begin`, which says what is done otherwise.

export const form = document.querySelector("[data-respond]");
export const root = document.documentElement;
export const part = (name) => form.querySelector(`[data-part="${name}"]`);
export const all = (selector, within = form) => [...within.querySelectorAll(selector)];
// From right to left what is put in keeps a direction of its own, by signs that are not seen.
const around = root.dir === "rtl" ? ["\u2068", "\u2069"] : ["", ""];
export const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (_, name) => around.join(values[name]));

const ON_THE_WAY = ["intro", "practice", "question", "review"];
const BARE = ["trouble", "hidden"]; // screens without the bar

export const steps = all("[data-step]");
export const numberOf = (step) => steps.indexOf(step);
export const isQuestion = (step) => step.dataset.step === "question";
export const stepOf = (kind) => form.querySelector(`[data-step="${kind}"]`);
const [practice, review, stop, trouble] = ["practice", "review", "stop", "trouble"].map(stepOf);
const [status, progress, next, back, skip, listen] = [
  "status", "progress", "next", "back", "skip", "listen",
].map(part);
const nextText = next.textContent;
let here = null;
let trail = []; // the screens that "back" leads to
let isBusy = false;

export const where = () => here;

// What is done when nothing else is said; `begin` may say otherwise.
const way = {
  held: (_step) => "", // an answer that is not on the page
  asks: (_step) => true, // whether a question is asked at all
  counts: (_step) => true, // whether it counts in "3 of 17"
  forward: (step) => goOn(step),
  stop: () => go(stop),
  moved: () => {},
  changed: () => {},
  beforeFirst: () => history.back(),
  send: sendOnline,
};

// Answers and routing

export const answerIn = (step) =>
  step.querySelector("input:checked")?.value ?? step.querySelector("textarea")?.value.trim() ?? "";
export const isAnswered = (step) => (answerIn(step) || way.held(step)) !== "";

export function clear(step) {
  for (const input of all("input", step)) input.checked = false;
  for (const area of all("textarea", step)) area.value = "";
}

export function clearAll() {
  for (const step of steps) clear(step);
}

export function applies(step) {
  const source = step.dataset.if && document.getElementById(step.dataset.if);
  return !source || step.dataset.codes.split(" ").includes(answerIn(source) || way.held(source));
}

export function leaveOut(step) {
  steps.splice(numberOf(step), 1);
  step.remove();
}

// In order, so that an answer cleared here can route a later question away too.
function clearRoutedAway() {
  for (const step of steps) if (!applies(step)) clear(step);
}

const isAsked = (step) => applies(step) && (!isQuestion(step) || way.asks(step));
export const path = () =>
  steps.filter((step) => ON_THE_WAY.includes(step.dataset.step) && isAsked(step));
const questions = () => path().filter(isQuestion);
const counted = () => questions().filter((step) => way.counts(step));

// Screens

function show(step) {
  silence();
  here?.classList.remove("is-here");
  here = step;
  const kind = step.dataset.step;
  if (kind === "practice") resetPractice();
  if (kind === "review") fillReview();
  if (kind === "stop") fillStop();
  practice.disabled = kind !== "practice";
  step.classList.add("is-here");
  root.dataset.kind = kind;
  status.textContent = "";
  next.textContent = step.dataset.next ?? nextText;
  away(part("moves"), !ON_THE_WAY.includes(kind));
  away(part("bar"), BARE.includes(kind));
  away(part("stop"), kind === "stop" || kind === "few");
  away(back, trail.length === 0);
  away(skip, kind !== "question" && kind !== "practice");
  away(next, kind === "review");
  showProgress(step);
  window.scrollTo(0, 0);
  way.moved(step);
}

// Another screen in the place of this one.
export function swap(step) {
  if (history.state !== "within") history.pushState("within", "");
  show(step);
  focusOn(step);
}

// Another screen, from which "back" leads here.
export function go(step) {
  trail.push(here);
  swap(step);
}

// Another screen that nothing leads back from.
export function goForGood(step) {
  trail = [];
  swap(step);
}

export const goOn = (step) => go(path().find((each) => numberOf(each) > numberOf(step)));

const goBack = () => swap(trail.pop());

function focusOn(step) {
  const target = step === steps[0] ? form.querySelector("h1") : step.querySelector("[tabindex]");
  target?.focus({ preventScroll: true });
}

function away(element, isAway) {
  element.classList.toggle("is-away", isAway);
}

function showProgress(step) {
  const asked = counted();
  const n = asked.indexOf(step) + 1;
  if (n === 0) return void (progress.textContent = "");
  const text = filled(progress.dataset.text, { n, total: asked.length });
  if (!("short" in form.dataset)) return void (progress.textContent = text);
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = text;
  const dots = document.createElement("span");
  dots.className = "dots";
  dots.ariaHidden = "true";
  asked.forEach((_, index) => {
    const dot = dots.appendChild(document.createElement("i"));
    if (index < n - 1) dot.className = "dots__past";
    if (index === n - 1) dot.className = "dots__now";
  });
  progress.replaceChildren(words, dots);
}

function fillReview() {
  const heading = review.querySelector("h2");
  const asked = counted();
  const values = { n: asked.filter(isAnswered).length, total: asked.length };
  heading.textContent = filled(heading.dataset.text, values);
  heading.hidden = false;
}

// With nothing answered there is nothing to keep: only to end or to go on.
function fillStop() {
  const isNothing = !questions().some(isAnswered);
  for (const element of all("[data-nothing]", stop)) {
    element.dataset.text ??= element.textContent;
    element.textContent = isNothing ? element.dataset.nothing : element.dataset.text;
  }
  stop.querySelector('[value="keep"]').hidden = isNothing;
  part("resume").hidden = trail.length === 0;
}

// The practice question

const practiceHeading = practice.querySelector("h2");
practiceHeading.dataset.text = practiceHeading.textContent;

const practiceOptions = practice.querySelector(".options");

function resetPractice() {
  clear(practice);
  practiceHeading.textContent = practiceHeading.dataset.text;
  practiceOptions.hidden = false;
}

// Whether the practice is over and the questions may begin.
function leavePractice() {
  if (practiceOptions.hidden) return true;
  const isRight = practice.querySelector("[data-right]").checked;
  clear(practice);
  status.textContent = isRight ? "" : practiceHeading.dataset.text;
  if (isRight) {
    practiceHeading.textContent = practiceHeading.dataset.done;
    practiceOptions.hidden = true;
    away(skip, true);
  }
  focusOn(practice);
  return false;
}

// Moving. A second tap of a trembling finger is no second wish: event.detail counts taps.

export const onTap = (element, act) =>
  element.addEventListener("click", (event) => event.detail > 1 || isBusy || act());

onTap(next, () => {
  if (here === practice && !leavePractice()) return;
  if (here.querySelector("input") && here !== practice && !answerIn(here)) {
    status.textContent = status.dataset.choose;
    return;
  }
  way.forward(here);
});

onTap(skip, () => {
  clear(here);
  clearRoutedAway();
  way.forward(here);
});

onTap(back, goBack);
onTap(part("stop"), () => way.stop());
onTap(part("resume"), goBack);
onTap(part("again"), () => way.send(trouble.dataset.outcome));

form.addEventListener("input", () => way.changed());

form.addEventListener("change", () => {
  status.textContent = "";
  clearRoutedAway();
  showProgress(here);
  way.changed();
});

// The browser's own "back" is that of the page. One step of its history stands for all of it,
// so that the history tells nothing.
window.addEventListener("popstate", (event) => {
  if (event.state === "within") return;
  if (trail.length === 0) return way.beforeFirst();
  history.forward();
  if (!isBusy) goBack();
});

// Sending. The page stays until the answers are stored, so nothing is lost on the way.

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const outcome = event.submitter?.value ?? "send";
  if (outcome !== "again" && !isBusy) way.send(outcome);
});

export function busy(is) {
  isBusy = is;
  if (is) silence();
  status.textContent = is ? status.dataset.wait : "";
  for (const button of all("button")) button.ariaDisabled = is ? "true" : null;
}

// The answers are still here; whoever is asked for help can try again.
export function showTrouble(outcome, open = go) {
  busy(false);
  trouble.hidden = false;
  trouble.dataset.outcome = outcome;
  if (here !== trouble) open(trouble);
}

async function sendOnline(outcome) {
  busy(true);
  if (outcome === "drop") clearAll();
  const body = new URLSearchParams(new FormData(form));
  body.set("outcome", outcome);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return end();
  if (answer && answer.status < 500) return sendAsPage(outcome);
  showTrouble(outcome);
}

function end() {
  form.reset();
  location.replace(form.dataset.done);
}

// The server has something to say that only its own page can show.
function sendAsPage(outcome) {
  const field = document.createElement("input");
  form.append(Object.assign(field, { type: "hidden", name: "outcome", value: outcome }));
  form.submit();
}

// A page brought back by the browser's own memory must show nothing.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Size of the text

export function setSize(size) {
  root.dataset.size = size;
  for (const each of all("[data-size]")) each.ariaPressed = String(each.dataset.size === size);
}

for (const button of all("[data-size]")) {
  button.addEventListener("click", () => {
    setSize(button.dataset.size);
    way.changed();
  });
}

// Reading aloud, only with a voice that lives in the device: nothing is sent to be read.

const speech = window.speechSynthesis;
const listenText = listen.textContent;
const findVoice = () =>
  speech?.getVoices().find((voice) =>
    voice.localService && voice.lang.toLowerCase().startsWith(root.lang.toLowerCase()));

function offerListening() {
  listen.hidden = !findVoice();
}

function silence() {
  speech?.cancel();
  listen.textContent = listenText;
}

function readAloud() {
  const voice = findVoice();
  const heading = here === steps[0] ? all("h1") : [];
  const spoken = [...heading, ...all("h2, p, .option__text, .button--large", here)];
  const last = spoken.filter((element) => element.checkVisibility?.() ?? true).map((element) => {
    const utterance = new SpeechSynthesisUtterance(element.textContent.trim());
    Object.assign(utterance, { voice, lang: voice.lang, rate: 0.9 });
    speech.speak(utterance);
    return utterance;
  }).at(-1);
  last?.addEventListener("end", () => (listen.textContent = listenText));
  listen.textContent = listen.dataset.stop;
}

onTap(listen, () => (listen.textContent === listenText ? readAloud() : silence()));
speech?.addEventListener?.("voiceschanged", offerListening);
offerListening();

// Begin

export function begin(first, otherwise = {}) {
  Object.assign(way, otherwise);
  for (const element of [part("bar"), part("moves"), practice]) element.hidden = false;
  root.classList.add("is-stepping");
  clearRoutedAway();
  show(first);
}

if (form.method === "post") {
  for (const extra of all(".option--none, .fault--above")) extra.remove();
  form.elements.script.value = "1";
  begin(steps.find((step) => step.querySelector(".fault")) ?? steps[0]);
}
