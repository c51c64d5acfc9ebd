// The chart library, loaded once and only when a chart needs it, and the figure of a chart.

let library;

export function loaded(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = undefined; // it may be asked for again
      reject(new Error("the chart library did not load"));
    };
    document.head.append(script);
  });
  return library;
}

export function drawn(figure) {
  return JSON.parse(figure.querySelector("script").textContent);
}
