// The end of an occasion: it stays until the officer says that the tablet is in the right hands.

import { send } from "./outbox.js";
import { within } from "./store.js";

const button = document.querySelector("[data-officer-done]");

button.addEventListener("click", async (event) => {
  event.preventDefault();
  await within(["kept"], "readwrite", (store) => store.delete("ended"));
  location.replace(button.href);
});

send();
