// The occasion that is going on. Its answers lie encrypted under a key made for it alone, which
// can be used but not read, and no longer than half an hour after the last tap.

import { today } from "./clock.js";
import { sealedRow, tellOthers } from "./outbox.js";
import { bytes } from "./seal.js";
import { kept, within } from "./store.js";

const LIFE = 30 * 60_000;
const AGAIN = 1000; // until a save that did not succeed is tried again
const NOW = "now";

let live = null; // the draft as it was saved last
let waiting = null; // what is to be saved next
let writing = null;

export const addressOf = ({ questionnaire, version, language }) =>
  `/platta/fragor/${questionnaire}/${version}/${language}`;

export const endOf = ({ key, version, language }) => `/platta/klart/${key}/${version}/${language}`;

// Beyond its life, or from a later time than it is now: then the clock tells nothing.
export const isDead = ({ saved_at: savedAt }, now = Date.now()) =>
  now < savedAt || now - savedAt > LIFE;

async function sealed(row, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = bytes(JSON.stringify(content));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, row.key, plain);
  return { ...row, iv, data };
}

async function opened({ key, iv, data }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
  return JSON.parse(new TextDecoder().decode(plain));
}

const isSame = (row, other) => row?.occasion.receipt === other.occasion.receipt;

// Acts only if the draft is still this one: another page may have ended it.
function whileItLasts(row, names, act) {
  return within(["draft", ...names], "readwrite", (draft, ...others) => {
    const found = draft.get(NOW);
    found.onsuccess = () => isSame(found.result, row) && act(draft, ...others);
    return found;
  });
}

// A new occasion, which the page of questions then opens. One that goes on is not touched.
export async function begin({ occasion, shown }) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt", "decrypt",
  ]);
  const row = await sealed({ occasion, shown, key, begun: false, saved_at: Date.now() }, {});
  await within(["draft"], "readwrite", (draft) => draft.add(row, NOW));
}

// The draft and what is in it, or null. A dead or thrown-away one is wiped, counted as stopped.
export async function current() {
  const row = await within(["draft"], "readonly", (draft) => draft.get(NOW));
  if (!row) return null;
  const content = isDead(row) || row.is_thrown ? null : await opened(row).catch(() => null);
  live = row;
  if (content) return { ...row, content };
  await finish("stopped");
  return null;
}

// The last one wins. Resolves when everything is saved; until then it is tried again.
export function save(content, changes = {}) {
  if (!live || isOver()) return null; // it has ended: nothing brings it back
  live = { ...live, ...changes, saved_at: Date.now() }; // however long the saving takes
  waiting = content;
  writing ??= write();
  return writing;
}

async function write() {
  while (waiting) {
    const content = waiting;
    waiting = null;
    try {
      const row = await sealed(live, content);
      await whileItLasts(row, [], (draft) => draft.put(row, NOW));
    } catch {
      waiting ??= content;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
  writing = null; // at once: a tap from here on is written by a round of its own
}

// Nothing of it is kept, also if ending it does not succeed: then the next start ends it.
export const throwAway = () => save({}, { is_thrown: true });

export const saved = () => writing;

// Whether the life of the draft is over while its page is still open.
export const isOver = () => live !== null && isDead(live);

// Ends the occasion, whatever came of it: its envelope in, the draft out, and the end is shown
// until the officer has it in hand, all or nothing. Done once more, it changes nothing.
export async function finish(outcome, { answers = {}, stopped_at = "" } = {}) {
  const row = live;
  const state = await kept("state");
  const { occasion } = row;
  const submission = { occasion, outcome, reason: "", answers, stopped_at };
  const envelope = await sealedRow(submission, state.sealing_key, today(state));
  const { questionnaire: key, version, language } = occasion;
  await whileItLasts(row, ["outbox", "kept"], (draft, outbox, keptStore) => {
    outbox.put(envelope);
    draft.delete(NOW);
    keptStore.put({ key, version, language }, "ended");
  });
  waiting = null;
  live = null;
  tellOthers();
}
