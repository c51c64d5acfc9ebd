// Draws a chart anew with the chart library: the same figure, with words under the pointer.
// The chart that came with the page stays where the library does not load, on narrow screens
// and on paper. Every chart can be saved as a file.

import { offerFiles } from "./chart-files.js";
import { drawn, loaded } from "./chart-library.js";

const NARROWEST = 640; // CSS pixels; below it names and words have no room beside the marks

function seen(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) {
          observer.disconnect();
          resolve();
        }
      },
      { rootMargin: "400px" },
    );
    observer.observe(element);
  });
}

export default async function chart(figure) {
  offerFiles(figure);
  await seen(figure);
  if (figure.clientWidth < NARROWEST) return;
  const { data, layout } = drawn(figure);
  const plotly = await loaded(figure.dataset.script);
  const place = document.createElement("div");
  place.className = "chart__library";
  place.setAttribute("aria-hidden", "true"); // the finding and the table say the same
  figure.querySelector(".chart__drawn").after(place);
  figure.classList.add("chart--ready");
  const options = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };
  await plotly.newPlot(place, data, layout, options);
}
