// What has been answered so far, on the page and out of it. Nobody who takes over the tablet
// sees what was answered before: such answers are held here, and count all the same.

import {
  answerIn, applies, clearAll, form, isAnswered, isQuestion, numberOf, path, steps, stepOf,
} from "../respond.js";

const LAST = "review"; // stands for the screen after the last question
export const who = document.getElementById(form.dataset.who);
const last = stepOf(LAST);

// Held answers by question; the furthest screen reached; from where on nothing has been held;
// whether who answers is being asked again, and ever was; the questions that were agreed to
// after "Stop now", where that was said, and whether they have been offered.
let held = {};
let reached = null;
let floor = 0;
export const state = {
  isAsking: false, isMixed: false, few: null, isOffered: false, stoppedAt: "", size: "1",
};

const stepNamed = (name) => (name === LAST ? last : document.getElementById(name));

// For the draft, and out of it again.
export const content = () => ({
  ...state,
  answers: answers(),
  reached: reached && (reached === last ? LAST : reached.id),
});

export function restore({ answers: given = {}, reached: name, ...rest }) {
  Object.assign(state, rest);
  held = given;
  reached = name ? stepNamed(name) : null;
  floor = numberOf(reached);
}

// Back onto the page, for the same person in another language.
export function putBack() {
  for (const step of steps.filter(({ id }) => id in held)) {
    for (const input of step.querySelectorAll("input")) input.checked = input.value === held[step.id];
    for (const area of step.querySelectorAll("textarea")) area.value = held[step.id];
  }
  held = {};
  floor = 0;
}

// Everything that counts. Where somebody was asked who answers once more, both answers do.
export function answers() {
  const given = { ...held };
  for (const step of steps.filter(isQuestion)) {
    const text = answerIn(step);
    if (text) given[step.id] = step.id in held || step === who ? both(step, text) : text;
  }
  if (!given[who.id]) delete given[who.id];
  for (const step of steps) if (!isRoutedTo(step, given)) delete given[step.id];
  return given;
}

// In order, so that an answer left out here can route a later question away too.
const isRoutedTo = ({ dataset }, given) =>
  !dataset.if || dataset.codes.split(" ").includes(given[dataset.if]);

const codesOf = (step) => [...step.querySelectorAll("input")].map((input) => input.value);

// A form that somebody else has answered parts of is never one's own.
function both(step, text) {
  const before = held[step.id];
  const distance = (code) => codesOf(who).indexOf(code);
  if (step === who) {
    if (!state.isMixed) return text;
    if (!before) return distance(text) > 0 ? text : "";
    return distance(text) > distance(before) ? text : before;
  }
  const apart = step.querySelector("[data-apart]")?.value; // who may not help, but did
  if (before === apart || text === apart) return apart;
  return distance(answerIn(who)) > distance(held[who.id]) ? text : before;
}

// Out of the page, with no way for anybody to see them again.
export function hold() {
  held = answers();
  floor = numberOf(reached);
  clearAll();
}

export function throwAway() {
  held = {};
  clearAll();
}

export const heldAnswer = (step) => held[step.id] ?? "";

// Whether a follow-up question came up before would tell what the question before it was
// answered with, so those that are held do not count in "3 of 17".
export const counts = (step) => !("if" in step.dataset) || numberOf(step) >= floor;

export const asks = (step) =>
  !state.few ||
  state.few.includes(step.id) ||
  isAnswered(step) ||
  numberOf(step) < numberOf(stepNamed(state.stoppedAt));

export function reach(step) {
  const isFurther = numberOf(step) > numberOf(reached);
  if (isFurther && (isQuestion(step) || step === last)) reached = step;
}

const fromReached = () => path().filter((step) => numberOf(step) >= numberOf(reached));

// The furthest screen, with nothing chosen: what was tapped there was never confirmed.
export function furthest() {
  if (!reached) return steps[0];
  const step = fromReached()[0];
  delete held[step.id];
  return step;
}

export const nextUnanswered = () => fromReached().find((step) => !isAnswered(step));
export const isPastWho = () => numberOf(reached) > numberOf(who);
export const isAnything = () => Object.keys(answers()).length > 0;

// Where "Stop now" was said: at the furthest question that was seen.
export function noteStop() {
  if (!state.few) state.stoppedAt = (reached === last ? steps.findLast(isQuestion) : reached)?.id ?? "";
}

export const shortOnes = () =>
  fromReached().filter((step) => "short" in step.dataset && !isAnswered(step));

// Who answers, and then who helps; only after that it goes on.
export const asksAgain = (step) =>
  steps.find((each) => each.dataset.if === who.id && numberOf(each) > numberOf(step) && applies(each));
