// Saves a draft while it is written: only fields that differ from what was seen, one request at
// a time. What somebody else has changed meanwhile is shown beside the field, and nothing of
// what was typed is lost. What was sent and not answered yet may be there already, so it goes
// along with the next: nobody is in conflict with themselves.

const SOON = 800; // milliseconds after the last key
const AGAIN = 3000;

export default function start(form) {
  const status = form.querySelector("[data-part=status]");
  if (!status) return; // in review: nothing can be written
  const fields = () => [...form.querySelectorAll('[name^="f:"]')];
  const placeOf = (field) => field.name.slice(2);
  const seenOf = (field) => form.elements[`w:${placeOf(field)}`];
  const held = new Set(); // fields in which somebody else's text waits for a decision
  const unanswered = new Map(); // what of a field was sent last, until the answer comes
  let isRefused = false;
  let timer = null;
  let saving = null;

  const plain = (text) => text.replaceAll("\r\n", "\n").trim();
  function valueOf(field) {
    if (field.type === "checkbox") return field.checked ? field.value : "";
    return field.value;
  }
  const known = (field) => unanswered.get(field) ?? seenOf(field).value;
  const isOpen = (field) =>
    [known(field), seenOf(field).value].some((text) => plain(text) !== plain(valueOf(field)));
  const due = () => fields().filter((field) => isOpen(field) && !held.has(field));

  function say(name) {
    status.textContent = status.dataset[name] ?? name;
  }

  function later(pause = SOON) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function save() {
    clearTimeout(timer);
    saving ??= send().finally(() => {
      saving = null;
    });
    return saving;
  }

  async function send(keepalive = false) {
    const changed = due();
    if (changed.length === 0) return say(held.size ? "conflict" : "saved");
    say("saving");
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    for (const field of changed) {
      body.set(seenOf(field).name, seenOf(field).value);
      if (valueOf(field)) body.set(field.name, valueOf(field));
      if (unanswered.has(field)) body.set(`l:${placeOf(field)}`, unanswered.get(field));
      unanswered.set(field, valueOf(field));
    }
    let answer = null;
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(form.action, { method: "POST", body, headers, keepalive });
      answer = await response.json();
      isRefused = !response.ok;
      if (isRefused) return say(answer.message);
    } catch {
      say("failed");
      return later(AGAIN);
    }
    take(answer);
  }

  function take({ saved, conflicts, faults }) {
    for (const field of fields()) {
      const place = placeOf(field);
      if (place in saved) {
        seenOf(field).value = saved[place];
        unanswered.delete(field);
      }
      const conflict = conflicts.find((each) => each.place === place);
      if (conflict) ask(field, conflict.theirs ?? "");
    }
    for (const line of form.querySelectorAll("[data-fault]")) {
      line.textContent = faults[line.dataset.fault] ?? "";
    }
    const isMore = due().length > 0;
    say(held.size ? "conflict" : isMore ? "saving" : "saved");
    if (isMore) later();
    document.dispatchEvent(new Event("draft-saved"));
  }

  function ask(field, theirs) {
    held.add(field);
    const template = form.querySelector("template[data-part=conflict]");
    const box = template.content.firstElementChild.cloneNode(true);
    const decided = () => {
      box.remove();
      held.delete(field);
      seenOf(field).value = theirs;
      field.focus();
      save();
    };
    box.querySelector("[data-part=theirs]").textContent = theirs;
    box.querySelector("[data-part=mine]").addEventListener("click", decided);
    box.querySelector("[data-part=take]").addEventListener("click", () => {
      if (field.type === "checkbox") field.checked = theirs !== "";
      else field.value = theirs;
      decided();
    });
    field.closest(".entry, .choice").append(box);
  }

  // What waits for a decision, or was refused, would be gone with the page.
  function warn(event) {
    if (held.size || isRefused) event.preventDefault();
  }

  form.addEventListener("input", () => {
    if (due().length) say("saving");
    later();
  });
  form.addEventListener("change", () => later(0));
  form.addEventListener("submit", () => {
    for (const [field, value] of unanswered) {
      const name = `l:${placeOf(field)}`;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    removeEventListener("beforeunload", warn);
  });
  addEventListener("beforeunload", warn);
  addEventListener("pagehide", () => due().length && send(true));
  showPreview();
}

// The preview is drawn anew after a save.
function showPreview() {
  const frame = document.querySelector("iframe[name=preview]");
  if (!frame) return;
  document.addEventListener("draft-saved", () => frame.contentWindow.location.reload());
}
