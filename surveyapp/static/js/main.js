// Starts the module named by each data-module="name": ./name.js, its default(element).
for (const element of document.querySelectorAll("[data-module]")) {
  import(`./${element.dataset.module}.js`)
    .then((module) => module.default(element))
    .catch((error) => console.error(`module ${element.dataset.module}:`, error));
}
