// Before handing over: the unit of the day, which is asked for each day and confirmed where the
// previous visit was another's. Then three taps, and the fourth hands over; or one that says
// why not.

import { monthOf, today } from "./clock.js";
import { addressOf, begin, endOf } from "./draft.js";
import { add, newReceipt, sealedRow } from "./outbox.js";
import { all, copyOf, fill, filled, part, show } from "./page.js";
import { keep, kept } from "./store.js";

const PATIENCE = 8000; // milliseconds

// The unit

const unitsOn = (state, day) =>
  state.units.filter((unit) => unit.valid_from <= day && day <= (unit.valid_to ?? day));

// The unit, or nothing where somebody has to choose. The only one is chosen by itself, unless
// another one was chosen before and is gone.
export async function unitOfToday(state) {
  const day = today(state);
  const units = unitsOn(state, day);
  const chosen = await kept("chosen");
  if (units.length === 1 && (chosen?.unit ?? units[0].code) === units[0].code) return units[0];
  const isStill = chosen?.day === day && chosen.units === codes(units);
  return isStill ? units.find((unit) => unit.code === chosen.unit) : undefined;
}

const codes = (units) => units.map((unit) => unit.code).sort().join(" ");

// Shows the units to choose among; act is called when one is chosen.
export function askForUnit(state, act) {
  const units = unitsOn(state, today(state));
  if (units.length === 0) return show("gone");
  const buttons = units.map((unit) => {
    const button = copyOf("unit");
    button.textContent = unit.name;
    button.onclick = () => tapped(unit);
    return button;
  });
  part("units").replaceChildren(...buttons);
  part("noted").textContent = "";
  show("unit");

  async function tapped(unit) {
    const last = await kept("last");
    if (!last || last === unit.code) return choose(unit);
    const previous = state.units.find((each) => each.code === last)?.name ?? last;
    fill(part("previous"), { unit: previous });
    const yes = part("yes");
    fill(yes, { unit: unit.name });
    yes.onclick = () => choose(unit);
    part("no").onclick = () => show("unit");
    show("confirm", { unit: unit.name });
  }

  async function choose(unit) {
    await keep("chosen", { unit: unit.code, day: today(state), units: codes(units) });
    act();
  }
}

// The taps

let isBusy = false;

// The form of the version that is open on this day, if there is one.
export function formOn(day) {
  return all("[data-offer]").find(
    ({ dataset }) => dataset.from <= day && day <= (dataset.to || day),
  );
}

export const isTouched = (form) => missing(form).length < 3;

// Act is called when an offer without an answer has been counted.
export function ready(form, unit, state, act) {
  for (const other of all("[data-offer]")) other.hidden = other !== form;
  form.onsubmit = (event) => event.preventDefault(); // Enter must not hand the tablet over
  form.onchange = () => (part("noted").textContent = "");
  form.onclick = ({ target }) => {
    const { handOver, outcome, reason } = target.closest("button")?.dataset ?? {};
    if (handOver) once(form, () => hand(form, unit, state, handOver));
    if (outcome) once(form, () => note(form, unit, state, { outcome, reason }, act));
  };
}

async function once(form, act) {
  if (isBusy) return;
  isBusy = true;
  say(form, "");
  part("noted").textContent = "";
  try {
    await act();
  } catch {
    say(form, fault(form).dataset.unsaved);
  }
  isBusy = false;
}

const fault = (form) => form.querySelector(".fault");

function say(form, text) {
  fault(form).textContent = text;
  if (text) fault(form).scrollIntoView({ block: "center" });
}

// What must still be tapped before handing over; the length of the form is chosen beforehand.
const missing = (form) =>
  all("fieldset", form).filter((group) => !group.querySelector(":checked"));

async function hand(form, unit, state, handedOverBy) {
  const groups = missing(form).map((group) => group.dataset.name);
  if (groups.length) {
    return say(form, filled(fault(form).dataset.missing, { groups: groups.join(", ") }));
  }
  const occasion = occasionOf(form, unit, state, handedOverBy);
  if (!(await canOpen(occasion))) return say(form, fault(form).dataset.absent);
  await keep("last", unit.code);
  await begin({ occasion, shown: { named_officers: unit.named_officers } });
  location.replace(addressOf(occasion));
}

// Whether its pages are on the tablet, or can be had: nobody is handed the browser's own page.
async function canOpen(occasion) {
  const end = endOf({ ...occasion, key: occasion.questionnaire });
  const signal = AbortSignal.timeout(PATIENCE);
  const pages = [addressOf(occasion), end].map((page) => fetch(page, { signal }));
  return Promise.all(pages).then((found) => found.every(({ ok }) => ok), () => false);
}

async function note(form, unit, state, result, act) {
  const occasion = occasionOf(form, unit, state, "unknown");
  const submission = { occasion, ...result, answers: {}, stopped_at: "" };
  await add(await sealedRow(submission, state.sealing_key, today(state)));
  form.reset();
  for (const details of all("details", form)) details.open = false;
  await act();
  part("noted").textContent = part("noted").dataset.text;
}

// What is known before the first question; what was not tapped is "other".
function occasionOf(form, unit, state, handedOverBy) {
  const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value;
  const { key, version, sha256 } = form.dataset;
  return {
    receipt: newReceipt(),
    unit: unit.code,
    month: monthOf(today(state)),
    questionnaire: key,
    version: Number(version),
    sha256,
    language: chosen("language") ?? form.querySelector("[name=language]").value,
    channel: "tablet",
    followup_type: chosen("followup_type") ?? "other",
    service_group: chosen("service_group") ?? "other",
    handed_over_by: handedOverBy,
    form_length: chosen("form_length"),
  };
}
