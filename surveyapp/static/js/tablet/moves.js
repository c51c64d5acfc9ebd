// "Wrong unit": a request that answers already sent are moved. The tablet knows them only by
// their receipts, which it keeps for 14 days, or until a request that holds them is decided.

import { daysBetween, today } from "./clock.js";
import { post } from "./device.js";
import { newReceipt } from "./outbox.js";
import { all, copyOf, dayName, fill, part } from "./page.js";
import { kept, within } from "./store.js";

const KEPT_FOR = 14; // days
const DECIDED = ["approved", "declined"];

const form = part("move");

const receipts = () => within(["receipts"], "readonly", (store) => store.getAll());
const requests = async () => (await kept("moves")) ?? [];

// Read and written in one: other pages change the requests too.
function change(keeps, act) {
  const found = keeps.get("moves");
  found.onsuccess = () => keeps.put(act(found.result ?? []), "moves");
}

// What can still be moved: unit, day and how many, the last day first.
async function movable() {
  const groups = new Map();
  for (const { unit, day, request } of await receipts()) {
    if (request) continue;
    const group = groups.get(`${day} ${unit}`) ?? { unit, day, n: 0 };
    group.n += 1;
    groups.set(`${day} ${unit}`, group);
  }
  return [...groups.values()].sort((one, other) => (one.day < other.day ? 1 : -1));
}

// One request for each unit moved from. Written down before anything is sent.
async function ask(groups, to, reason) {
  const chosen = new Set(groups.map(({ unit, day }) => `${day} ${unit}`));
  const asked = (await receipts()).filter(
    ({ unit, day, request }) => !request && unit !== to && chosen.has(`${day} ${unit}`),
  );
  const made = [...new Set(asked.map((row) => row.unit))].map((from) => {
    const rows = asked.filter((row) => row.unit === from);
    return { request: newReceipt(), from, to, reason, receipts: rows.map((row) => row.receipt) };
  });
  const isOpen = (move) => !move.fault;
  await within(["receipts", "kept"], "readwrite", (store, keeps) => {
    for (const { request, from } of made)
      for (const row of asked) if (row.unit === from) store.put({ ...row, request });
    change(keeps, (moves) => [...moves.filter(isOpen), ...made]);
  });
}

// The requests that the server has not said it has.
export async function sendMoves() {
  for (const { sent, fault, ...move } of await requests()) {
    if (sent || fault) continue;
    const response = await post("/platta/flytt", JSON.stringify(move));
    if (response.ok) await note(move.request, { sent: true });
    if (response.status === 422) await refused(move, (await response.json()).fault);
  }
}

// What was refused can be asked for in another way, if it has not been already.
const refused = ({ request, receipts: held }, fault) =>
  within(["receipts", "kept"], "readwrite", (store, keeps) => {
    change(keeps, noted(request, { fault }));
    for (const receipt of held) {
      const found = store.get(receipt);
      found.onsuccess = () => {
        if (found.result?.request === request) store.put({ ...found.result, request: null });
      };
    }
  });

const note = (request, news) =>
  within(["kept"], "readwrite", (keeps) => change(keeps, noted(request, news)));

const noted = (request, news) => (moves) =>
  moves.map((move) => (move.request === request ? { ...move, ...news } : move));

export const movesAsked = async () =>
  (await requests()).filter((move) => move.sent).map((move) => move.request);

// The requests with where each stands: "waiting" until it is sent, then as the server says.
async function standings(state) {
  return (await requests()).map((move) => ({
    ...move,
    n: move.receipts.length,
    standing: move.sent ? (state.moves[move.request] ?? "requested") : "waiting",
  }));
}

// Forgets receipts past their days, and requests whose receipts are gone.
async function forgetOld(state, day) {
  const isOpen = (request) => request && !DECIDED.includes(state.moves[request]);
  const rows = await receipts();
  const old = rows.filter((row) => daysBetween(row.day, day) > KEPT_FOR && !isOpen(row.request));
  if (old.length === 0) return;
  const left = new Set(rows.filter((row) => !old.includes(row)).map((row) => row.request));
  await within(["receipts", "kept"], "readwrite", (store, keeps) => {
    for (const row of old) store.delete(row.receipt);
    change(keeps, (moves) => moves.filter((move) => left.has(move.request)));
  });
}

// On the start screen: the days whose answers can be moved, where to and why.

// Act is called when a request has been written down, to be sent.
export function beginMoves(act) {
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
