// "Wrong unit": the days whose answers are to be moved, where to and why, and where it stands.

import { today } from "./clock.js";
import { all, copyOf, dayName, fill, part } from "./page.js";
import { ask, forgetOld, movable, standings } from "./moves.js";
import { kept } from "./store.js";

const form = part("move");

// Act is called when a request has been written down, to be sent.
export function begin(act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { to, reason } = form.elements;
    const groups = all(":checked", part("days")).map((input) => JSON.parse(input.value));
    const isWhole = groups.some(({ unit }) => unit !== to.value) && to.value && reason.value.trim();
    part("move-fault").textContent = isWhole ? "" : part("move-fault").dataset.text;
    if (!isWhole) return;
    await ask(groups, to.value, reason.value.trim());
    form.reset();
    act();
  });
}

export async function showMoves() {
  const state = await kept("state");
  if (!state) return;
  await forgetOld(state, today(state));
  const nameOf = (code) => state.units.find((unit) => unit.code === code)?.name ?? code;
  const asked = await standings(state);
  const groups = state.units.length > 1 ? await movable() : [];
  part("moving").hidden = asked.length + groups.length === 0;
  part("moves").hidden = asked.length === 0;
  part("moves").replaceChildren(...asked.map((move) => itemOf(move, nameOf)));
  form.hidden = groups.length === 0;
  if (all(":checked", part("days")).length) return; // somebody is choosing
  part("days").replaceChildren(...groups.map((group) => tileOf(group, nameOf)));
  const options = state.units.map((unit) => new Option(unit.name, unit.code));
  form.elements.to.replaceChildren(form.elements.to.options[0], ...options);
}

function itemOf({ n, from, to, standing, fault }, nameOf) {
  const item = copyOf("move-item");
  const state = fault ?? item.dataset[standing];
  fill(item, { n, from: nameOf(from), to: nameOf(to), state });
  return item;
}

function tileOf({ unit, day, n }, nameOf) {
  const tile = copyOf("day");
  tile.querySelector("input").value = JSON.stringify({ unit, day });
  fill(tile.querySelector("span"), { n, unit: nameOf(unit), day: dayName(day) });
  return tile;
}
