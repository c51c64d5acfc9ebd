// Keying one sheet: a digit goes straight on to the next question that applies, Enter means
// blank or on, arrow up goes back, and a digit without a box stays where it is.

const MARKS = ["b", "x", "o"];

export default function start(form) {
  const keys = [...form.querySelectorAll(".row__key, .row__text")];
  const save = form.querySelector("[data-part=save]");
  const month = form.elements.month;
  const rowOf = (key) => key.closest(".row");
  const isWords = (key) => key.localName === "textarea";

  // What a key holds: "", "done", "more" (a second digit may follow) or "wrong".
  function state(key) {
    const text = key.value.trim().toLowerCase();
    if (isWords(key) || text === "") return text && "done";
    if (MARKS.includes(text)) return "done";
    if (!/^[0-9]+$/.test(text) || Number(text) > Number(key.dataset.last)) return "wrong";
    if (Number(text) === 0) return text.length < key.maxLength ? "more" : "wrong";
    return Number(text) * 10 <= Number(key.dataset.last) ? "more" : "done";
  }

  function say(key, words, isWrong) {
    const fault = rowOf(key).querySelector(".row__fault");
    if (fault.textContent !== words) fault.textContent = words;
    if (isWrong) key.setAttribute("aria-invalid", "true");
    else key.removeAttribute("aria-invalid");
  }

  function refuse(key) {
    say(key, rowOf(key).querySelector(".row__fault").dataset.wrong, true);
    key.focus();
    key.select();
  }

  // The text of the box that was keyed stands out, so that a glance is enough to check it.
  function showChoice(key) {
    const text = key.value.trim().toLowerCase();
    const boxes = rowOf(key).querySelector(".boxes");
    boxes.querySelector(".box--mark")?.remove();
    [...boxes.children].forEach((box, i) =>
      box.classList.toggle("box--chosen", String(i + 1) === text),
    );
    if (!MARKS.includes(text)) return;
    const mark = boxes.appendChild(document.createElement("li"));
    mark.className = "box box--mark";
    mark.lang = document.documentElement.lang;
    mark.textContent = form.querySelector(`[data-key="${text}"]`).textContent;
  }

  function showRows() {
    const held = (row) => (applies(row) ? keys[row - 1].value.trim() : "");
    const applies = (row) => {
      const { after, boxes } = rowOf(keys[row - 1]).dataset;
      return !after || boxes.split(" ").includes(held(Number(after)));
    };
    keys.forEach((key, i) => rowOf(key).classList.toggle("row--off", !applies(i + 1)));
  }

  function look(key) {
    if (!isWords(key)) return;
    const { long, digits } = rowOf(key).querySelector(".row__fault").dataset;
    const text = key.value.trim();
    if (new RegExp(form.dataset.digits).test(text)) say(key, digits, false);
    else say(key, new RegExp(form.dataset.long).test(text) ? long : "", false);
  }

  const isOff = (key) => rowOf(key).classList.contains("row--off");
  function onFrom(key) {
    const next = keys.slice(keys.indexOf(key) + 1).find((other) => !isOff(other));
    (next ?? save).focus();
    if (next) next.select();
  }
  function step(key, by) {
    const to = keys[keys.indexOf(key) + by] ?? (by < 0 ? month : save);
    to.focus();
    to.select?.();
  }

  function changed(key) {
    if (isWords(key)) return look(key);
    const now = state(key);
    if (now === "wrong") return refuse(key);
    say(key, "", false);
    showChoice(key);
    showRows();
    if (now === "done") onFrom(key);
  }

  function enter(key) {
    if (state(key) === "wrong" || (state(key) === "more" && Number(key.value) === 0)) {
      return refuse(key);
    }
    if (key.value.trim() === "" && !isWords(key)) {
      key.value = "b";
      showChoice(key);
      showRows();
    }
    if (key === keys.at(-1)) form.requestSubmit();
    else onFrom(key);
  }

  form.addEventListener("input", (event) => {
    if (keys.includes(event.target)) changed(event.target);
  });

  form.addEventListener("keydown", (event) => {
    const key = event.target;
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const isKey = keys.includes(key);
    // A key held down must not run through the sheet.
    if (event.repeat && isKey && !isWords(key) && event.key !== "Tab") event.preventDefault();
    if (event.defaultPrevented) return;
    const atStart = !isWords(key) || (key.selectionStart === 0 && key.selectionEnd === 0);
    const atEnd = !isWords(key) || key.selectionStart === key.value.length;
    if (event.key === "Enter" && !event.shiftKey && (isKey || key === month)) {
      event.preventDefault();
      if (!isKey) step(null, 1);
      else if (!event.repeat) enter(key);
    } else if (event.key === "ArrowUp" && (isKey ? atStart : key === save)) {
      event.preventDefault();
      if (isKey) step(key, -1);
      else keys.at(-1).focus();
    } else if (event.key === "ArrowDown" && (isKey ? atEnd : key === month)) {
      event.preventDefault();
      step(isKey ? key : null, 1);
    }
  });

  form.addEventListener("focusin", (event) => {
    if (event.target.matches(".row__key")) event.target.select();
  });

  form.addEventListener("submit", (event) => {
    const wrong = keys.find((key) => state(key) === "wrong");
    if (wrong || form.dataset.sent) event.preventDefault();
    if (wrong) refuse(wrong);
    else form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);

  for (const key of keys) if (!isWords(key)) showChoice(key);
  showRows();
  // A status that stands in the page from the start is not read aloud; one that comes is.
  const status = document.querySelector("[data-part=status]");
  if (status.firstElementChild) setTimeout(() => status.append(status.firstElementChild), 100);
}
