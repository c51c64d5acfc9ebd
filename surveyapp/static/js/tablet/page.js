// Finding, showing and filling the parts of the start screen. All words are the page's own.

export const part = (name, within = document) => within.querySelector(`[data-part="${name}"]`);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// The sentence for one or for many.
export function fill(element, values) {
  const text = values.n === 1 ? (element.dataset.one ?? element.dataset.many) : element.dataset.many;
  element.textContent = filled(text, values);
}

export function fillTitle(text) {
  part("title").textContent = text;
  document.title = text;
}

let shown = null;

// One view at a time, under its own heading, which is read out when the view is another one.
export function show(name, values = {}) {
  for (const view of all("[data-view]")) {
    view.hidden = view.dataset.view !== name;
    if (!view.hidden && view.dataset.title) fillTitle(filled(view.dataset.title, values));
  }
  if (shown !== null && name !== shown) part("title").focus({ preventScroll: true });
  shown = name;
}

export const isShown = (name) => !document.querySelector(`[data-view="${name}"]`).hidden;

export const copyOf = (name) => part(name).content.firstElementChild.cloneNode(true);

export const dayName = (day) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long" }).format(
    new Date(`${day}T12:00`),
  );
