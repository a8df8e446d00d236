// Keys of the whole page: "/" or Ctrl K goes to the search; J and K walk the rows; holding Alt shows the letters of the buttons.

const isTyping = (element) => Boolean(element.closest?.("input, textarea, select, [contenteditable]"));

function search(event) {
  const field = document.querySelector("[data-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function walk(step) {
  const rows = [...document.querySelectorAll(".sheet [data-panel]")];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : at + step];
  next?.focus();
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (event.key === "Alt") document.body.classList.add("alt");
  const combined = event.ctrlKey || event.metaKey;
  if (combined && !event.altKey && event.key.toLowerCase() === "k") return search(event);
  if (combined || event.altKey || isTyping(event.target)) return;
  if (event.key === "/") search(event);
  const step = { j: 1, k: -1 }[event.key];
  if (step && walk(step)) event.preventDefault();
});

for (const name of ["keyup", "blur"]) addEventListener(name, () => document.body.classList.remove("alt"));
