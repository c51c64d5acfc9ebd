// What was taken in, sealed, until the server has said that it has that very envelope.

import { post } from "./device.js";
import { bytes, hex, seal, sha256, sign } from "./seal.js";
import { kept, within } from "./store.js";

const DOOR = "/platta/kuvert"; // what an envelope is signed for

const changes = new BroadcastChannel("surveyapp outbox");

export const newReceipt = () => crypto.randomUUID().replaceAll("-", "");

// A row of the outbox: sealed is frozen, nothing can change it after this. Of what is inside
// it says only what a later move to the right unit needs.
export async function sealedRow(submission, sealingKey, day) {
  const body = await seal(submission, sealingKey);
  const { receipt, unit, month } = submission.occasion;
  return { id: hex(await sha256(bytes(body))), body, day, unit, receipt, month };
}

// For an offer without an answer, which cannot be moved and so leaves no receipt. An answer goes
// in together with the end of its draft. All or nothing, or a second press would count it twice.
export async function add(row) {
  await within(["outbox", "kept"], "readwrite", (outbox, keeps) => {
    outbox.add({ ...row, receipt: "" });
    keeps.put(row.unit, "last");
  });
  tellOthers();
}

export const tellOthers = () => changes.postMessage("changed");

export const onChange = (act) => changes.addEventListener("message", act);

const rows = () => within(["outbox"], "readonly", (outbox) => outbox.getAll());

// How many answers wait, and since which day; and how many offers without one.
export async function waiting() {
  const all = await rows();
  const days = all.filter((row) => row.receipt).map((row) => row.day).sort();
  return { n: days.length, oldest: days[0] ?? null, offers: all.length - days.length };
}

// Everything that is not sent yet, as a file to be read in at the office. It stays sealed.
export async function saveRescueFile() {
  const { id, privateKey } = await kept("tablet");
  const signed = (await rows()).map(async ({ body }) => ({
    body,
    signature: await sign(privateKey, DOOR, body),
  }));
  const envelopes = await Promise.all(signed);
  const content = JSON.stringify({ format: "surveyapp rescue 1", tablet: id, envelopes });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `surveyapp-${id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Sends what waits, one at a time, in an order that tells nothing. Whether all of it arrived.
// Several pages and timers may ask at once: the lock lets one at a time look at what is left.
export function send() {
  return navigator.locks.request("outbox", async () => {
    let isAll = true;
    try {
      for (const row of shuffled(await rows())) isAll = (await deliver(row)) && isAll;
    } catch {
      isAll = false; // the network, the server or the storage: everything stays for next time
    }
    return isAll;
  });
}

// False where the server did not take this one, so that it does not stand in the way of others.
async function deliver(row) {
  const response = await post(DOOR, row.body);
  if (response.status === 401 || response.status >= 500) throw new Error("not now");
  if (!response.ok || (await response.json()).received !== row.id) return false;
  await within(["outbox", "receipts"], "readwrite", (outbox, receipts) => {
    outbox.delete(row.id);
    const { receipt, unit, month, day } = row;
    if (receipt) receipts.put({ receipt, unit, month, day, request: null });
  });
  tellOthers();
  return true;
}

function shuffled(list) {
  const dice = crypto.getRandomValues(new Uint32Array(list.length));
  return list
    .map((item, index) => [dice[index], item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
