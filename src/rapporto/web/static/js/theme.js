// Theme and density: set on the root at once, kept in a cookie; without a choice the system decides.

import { keep } from "./cookies.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

function choose(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  keep(name, value);
  show();
}

function press(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
}

function show() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) press(button, isDark());
  for (const name of ["theme", "density"]) {
    for (const button of document.querySelectorAll(`[data-${name}-choice]`)) {
      press(button, button.dataset[`${name}Choice`] === (root.dataset[name] ?? ""));
    }
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-theme-toggle]")) choose("theme", isDark() ? "light" : "dark");
  for (const name of ["theme", "density"]) {
    const button = target.closest(`[data-${name}-choice]`);
    if (button) choose(name, button.dataset[`${name}Choice`]);
  }
});

dark.addEventListener("change", show);
show();
