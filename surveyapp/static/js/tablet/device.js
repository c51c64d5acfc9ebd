// The tablet as the server knows it: enrolled with a code, then by the signature of its key.

import { base64, bytes, newTabletKey, publicHalf, sha256, sign } from "./seal.js";
import { keep, kept, within } from "./store.js";

const PATIENCE = 30_000; // milliseconds

// The sentence that says why the code cannot be used; nothing when the tablet is enrolled.
// What waits in the outbox stays, whichever tablet it was before. If the answer is lost on the
// way the same code is tried with the same key, which the server then knows.
export async function enrol(code) {
  const pair = (await kept("coming")) ?? (await newTabletKey());
  await keep("coming", pair);
  const response = await fetch("/platta/koppla", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code, public_key: await publicHalf(pair) }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const answer = await response.json();
  if (!response.ok) return answer.fault;
  const tablet = { id: answer.tablet, name: answer.name, privateKey: pair.privateKey };
  await within(["kept"], "readwrite", (store) => {
    store.put(tablet, "tablet");
    store.put("known", "standing");
    for (const name of ["coming", "state", "chosen", "last"]) store.delete(name);
  });
  return "";
}

// Without cookies: whoever is signed in, or no longer is, has no part in it.
export async function post(path, body) {
  const { id, privateKey } = await kept("tablet");
  const headers = {
    "Content-Type": "application/json",
    "Content-Digest": `sha-256=:${base64(await sha256(bytes(body)))}:`,
    Tablet: String(id),
    "Tablet-Signature": await sign(privateKey, path, body),
  };
  const response = await fetch(path, {
    method: "POST",
    headers,
    body,
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status === 401 || response.status === 403) await keepStanding(response.clone());
  return response;
}

// Only the server itself can say so, and says it in words of its own: what stands between may
// answer with the same status.
async function keepStanding(response) {
  const said = await response.json().catch(() => null);
  if (said?.unknown === true) await keep("standing", "unknown");
  if (said?.revoked === true) await keep("standing", "revoked");
}
