// The unit of the day: asked for each day, and confirmed where the previous visit was another's.

import { today } from "./clock.js";
import { all, copyOf, filled, part, show } from "./page.js";
import { keep, kept } from "./store.js";

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
    part("previous").textContent = filled(part("previous").dataset.text, { unit: previous });
    const yes = part("yes");
    yes.textContent = filled(yes.dataset.text, { unit: unit.name });
    yes.onclick = () => choose(unit);
    part("no").onclick = () => show("unit");
    show("confirm", { unit: unit.name });
  }

  async function choose(unit) {
    await keep("chosen", { unit: unit.code, day: today(state), units: codes(units) });
    act();
  }
}
