// Draws a chart anew with the chart library: the same figure, with words under the pointer.
// The chart that came with the page stays where the library does not load, on narrow screens
// and on paper.

const NARROWEST = 640; // CSS pixels; below it names and words have no room beside the marks
let library;

function loaded(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("the chart library did not load"));
    document.head.append(script);
  });
  return library;
}

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
  await seen(figure);
  if (figure.clientWidth < NARROWEST) return;
  const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
  const plotly = await loaded(figure.dataset.script);
  const drawn = document.createElement("div");
  drawn.className = "chart__library";
  drawn.setAttribute("aria-hidden", "true"); // the finding and the table say the same
  figure.append(drawn);
  figure.classList.add("chart--ready");
  const options = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };
  await plotly.newPlot(drawn, data, layout, options);
}
