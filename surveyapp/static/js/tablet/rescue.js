// Everything that is not sent yet, as a file to be read in at the office. It stays sealed.

import { sign } from "./seal.js";
import { DOOR, envelopes } from "./outbox.js";
import { kept } from "./store.js";

export async function saveRescueFile() {
  const { id, privateKey } = await kept("tablet");
  const signed = (await envelopes()).map(async (body) => ({
    body,
    signature: await sign(privateKey, DOOR, body),
  }));
  const content = {
    format: "surveyapp rescue 1",
    tablet: id,
    envelopes: await Promise.all(signed),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  link.download = `surveyapp-${id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
