// Buttons that save a chart as a file, with its finding above and its source below.
// The file is as wide on a phone as on a desk.

import { drawn, loaded } from "./chart-library.js";

const WIDTH = 960; // CSS pixels
const PER_LINE = 95; // characters of the small text on one line
const EDGE = 24; // pixels beside the drawing, at least
const LINE = 20; // pixels between the baselines of small text
const SHARPER = 2; // pixels of a PNG for each CSS pixel
const TYPES = { PNG: "image/png", SVG: "image/svg+xml" };

export function offerFiles(figure) {
  const buttons = document.createElement("p");
  buttons.className = "chart__files";
  for (const kind of Object.keys(TYPES)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--link";
    button.textContent = `${figure.dataset.save} ${kind}`;
    button.setAttribute("aria-describedby", figure.querySelector("figcaption").id);
    button.addEventListener("click", () => save(figure, kind));
    buttons.append(button);
  }
  figure.append(buttons);
}

async function save(figure, kind) {
  const plotly = await loaded(figure.dataset.script);
  const { data, layout } = withWords(figure);
  const size = { width: WIDTH, height: layout.height };
  const format = kind.toLowerCase();
  const options = { format, ...size, scale: kind === "PNG" ? SHARPER : 1, imageDataOnly: true };
  const content = await plotly.toImage({ data, layout: { ...layout, ...size } }, options);
  const bytes = kind === "PNG" ? Uint8Array.from(atob(content), (c) => c.charCodeAt(0)) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: TYPES[kind] }));
  link.download = `${figure.dataset.file}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The figure with its heading and finding above and its source below.
function withWords(figure) {
  const { data, layout } = drawn(figure);
  const section = document.getElementById(
    figure.closest("[aria-labelledby]")?.getAttribute("aria-labelledby"),
  );
  const heading = lines(section?.textContent ?? "", 0.75 * PER_LINE).map((line) => `<b>${line}</b>`);
  const above = [...heading, ...lines(figure.querySelector("figcaption").textContent)];
  const below = lines(figure.querySelector(".chart__source").textContent);
  const named = data.filter((trace) => trace.name);
  const legend = named.length ? LINE * (named.length + 1) : 0;
  const { t, b } = layout.margin;
  const [top, bottom] = [t + LINE * (above.length + 1), b + legend + LINE * (below.length + 1)];
  layout.annotations = [
    ...(layout.annotations ?? []),
    words(above, { y: 1, yanchor: "top", yshift: top - LINE / 2 }, 15),
    words(below, { y: 0, yanchor: "bottom", yshift: LINE / 2 - bottom }, 12),
  ];
  layout.height += top - t + bottom - b;
  layout.margin = {
    ...layout.margin,
    t: top, b: bottom, l: Math.max(layout.margin.l, EDGE), r: Math.max(layout.margin.r, EDGE),
  };
  if (legend) {
    const place = { x: 0, xanchor: "left", y: 0, yanchor: "top" };
    Object.assign(layout, { showlegend: true, legend: { ...place, traceorder: "normal" } });
  }
  return { data, layout };
}

// Words over or under the drawing, from its left edge.
function words(text, place, size) {
  const left = { x: 0, xref: "paper", xanchor: "left", align: "left" };
  return { text: text.join("<br>"), showarrow: false, font: { size }, ...left, yref: "paper", ...place };
}

// Lines of words (a no-break space is none between them), as the library takes them: what looks like markup is not.
function lines(text, longest = PER_LINE) {
  const found = [];
  for (const word of text.trim().split(/[^\S\u00a0]+/)) {
    const last = found.at(-1);
    if (last !== undefined && last.length + word.length < longest) found.push(`${found.pop()} ${word}`);
    else found.push(word);
  }
  return found.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
}
