// The end of an occasion: it stays until the officer says that the tablet is in the right hands.

import { send } from "./outbox.js";
import { within } from "./store.js";

const button = document.querySelector("[data-officer-done]");

button.addEventListener("click", async (event) => {
  event.preventDefault();
  // If it does not succeed, the start screen shows the end again, to be tried from there.
  await within(["kept"], "readwrite", (store) => store.delete("ended")).catch(() => {});
  location.replace(button.href);
});

send();
