// One question per screen out of the long form. The form is whole without this file.

const form = document.querySelector("[data-respond]");
const root = document.documentElement;
const part = (name) => form.querySelector(`[data-part="${name}"]`);
const all = (selector, within = form) => [...within.querySelectorAll(selector)];
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const steps = all("[data-step]");
const [practice, review, stop, trouble] = ["practice", "review", "stop", "trouble"].map((kind) =>
  form.querySelector(`[data-step="${kind}"]`),
);
const [status, progress, next, back, skip, listen] = [
  "status", "progress", "next", "back", "skip", "listen",
].map(part);
const nextText = next.textContent;
let here = null;
let isSending = false;

// Answers and routing

const chosenIn = (step) => step.querySelector("input:checked")?.value ?? "";
const isAnswered = (step) =>
  step.querySelector("input:checked") !== null || Boolean(step.querySelector("textarea")?.value.trim());

function clear(step) {
  for (const input of all("input", step)) input.checked = false;
  for (const area of all("textarea", step)) area.value = "";
}

function applies(step) {
  const source = step.dataset.if && document.getElementById(step.dataset.if);
  return !source || step.dataset.codes.split(" ").includes(chosenIn(source));
}

// In order, so that an answer cleared here can route a later question away too.
function clearRoutedAway() {
  for (const step of steps) if (!applies(step)) clear(step);
}

const questions = () => steps.filter((step) => step.dataset.step === "question" && applies(step));
const countAnswered = () => questions().filter(isAnswered).length;
const path = () => steps.filter((step) => step !== stop && step !== trouble && applies(step));

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
  away(part("moves"), kind === "stop" || kind === "trouble");
  away(part("bar"), kind === "trouble");
  away(part("stop"), kind === "stop");
  away(back, path().indexOf(step) === 0);
  away(skip, kind !== "question" && kind !== "practice");
  away(next, kind === "review");
  showProgress(step);
  window.scrollTo(0, 0);
}

function go(step) {
  history.pushState({ step: steps.indexOf(step) }, "");
  show(step);
  focusOn(step);
}

function focusOn(step) {
  const target = step === steps[0] ? form.querySelector("h1") : step.querySelector("[tabindex]");
  target?.focus({ preventScroll: true });
}

function away(element, isAway) {
  element.classList.toggle("is-away", isAway);
}

function showProgress(step) {
  const asked = questions();
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
  const values = { n: countAnswered(), total: questions().length };
  heading.textContent = filled(heading.dataset.text, values);
  heading.hidden = false;
}

// With nothing answered there is nothing to keep: only to end or to go on.
function fillStop() {
  const isNothing = countAnswered() === 0;
  for (const element of all("[data-nothing]", stop)) {
    element.dataset.text ??= element.textContent;
    element.textContent = isNothing ? element.dataset.nothing : element.dataset.text;
  }
  stop.querySelector('[value="keep"]').hidden = isNothing;
}

// The practice question

const practiceHeading = practice.querySelector("h2");
practiceHeading.dataset.text = practiceHeading.textContent;

function resetPractice() {
  clear(practice);
  practiceHeading.textContent = practiceHeading.dataset.text;
  practice.querySelector(".options").hidden = false;
}

// Whether the practice is over and the questions may begin.
function leavePractice() {
  const options = practice.querySelector(".options");
  if (options.hidden) return true;
  if (practice.querySelector("[data-right]").checked) {
    practiceHeading.textContent = practiceHeading.dataset.done;
    options.hidden = true;
    status.textContent = "";
    away(skip, true);
  } else {
    clear(practice);
    status.textContent = practiceHeading.dataset.text;
  }
  focusOn(practice);
  return false;
}

// Moving. A second tap of a trembling finger is no second wish: event.detail counts taps.

const onTap = (element, act) =>
  element.addEventListener("click", (event) => event.detail > 1 || act());

function forward() {
  const following = path();
  go(following[following.indexOf(here) + 1]);
}

onTap(next, () => {
  if (here === practice && !leavePractice()) return;
  if (here.querySelector("input") && here !== practice && !isAnswered(here)) {
    status.textContent = status.dataset.choose;
    return;
  }
  forward();
});

onTap(skip, () => {
  clear(here);
  clearRoutedAway();
  forward();
});

onTap(back, () => history.back());
onTap(part("stop"), () => go(stop));
onTap(part("resume"), () => history.back());
onTap(part("again"), () => send(trouble.dataset.outcome));

form.addEventListener("change", () => {
  status.textContent = "";
  clearRoutedAway();
  showProgress(here);
});

window.addEventListener("popstate", (event) => {
  const step = steps[event.state?.step ?? 0];
  show(applies(step) ? step : steps[0]);
  focusOn(here);
});

// Sending. The page stays until the answers are stored, so nothing is lost on the way.

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.value !== "again") send(event.submitter?.value ?? "send");
});

async function send(outcome) {
  if (isSending) return;
  isSending = true;
  silence();
  status.textContent = status.dataset.wait;
  const buttons = all("button");
  for (const button of buttons) button.ariaDisabled = "true";
  if (outcome === "drop") for (const step of steps) clear(step);
  const body = new URLSearchParams(new FormData(form));
  body.set("outcome", outcome);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return end();
  if (answer && answer.status < 500) return sendAsPage(outcome);
  for (const button of buttons) button.removeAttribute("aria-disabled");
  isSending = false;
  trouble.hidden = false;
  trouble.dataset.outcome = outcome;
  show(trouble);
  focusOn(trouble);
}

function end() {
  form.reset();
  location.replace(form.dataset.done);
}

// The server has something to say that only its own page can show.
function sendAsPage(outcome) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "outcome" });
  field.value = outcome;
  form.append(field);
  form.submit();
}

// A page brought back by the browser's own memory must show nothing.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Size of the text

for (const button of all("[data-size]")) {
  button.addEventListener("click", () => {
    root.dataset.size = button.dataset.size;
    for (const each of all("[data-size]")) each.ariaPressed = String(each === button);
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

for (const extra of all(".option--none, .fault--above")) extra.remove();
for (const element of [part("bar"), part("moves"), part("resume"), practice]) element.hidden = false;
form.elements.script.value = "1";
root.classList.add("is-stepping");
clearRoutedAway();
history.replaceState({ step: 0 }, "");
show(steps.find((step) => step.querySelector(".fault")) ?? steps[0]);
