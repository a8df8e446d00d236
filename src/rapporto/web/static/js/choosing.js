// Choosing rows: the box in the head takes all rows of the page, and the bar at the foot says how many are chosen.

const boxes = (sheet) => [...sheet.querySelectorAll("tbody .pick input[type=checkbox]")];

function show(sheet) {
  const all = boxes(sheet);
  const chosen = all.filter((box) => box.checked).length;
  const head = sheet.querySelector("thead .pick input[type=checkbox]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const bar = sheet.closest(".main")?.querySelector("[data-bulk]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  for (const count of bar.querySelectorAll("[data-bulk-count]")) count.textContent = chosen.toLocaleString(document.documentElement.lang);
}

document.addEventListener("change", ({ target }) => {
  const sheet = target.closest(".sheet");
  if (!sheet || !target.matches(".pick input[type=checkbox]")) return;
  if (target.closest("thead")) for (const box of boxes(sheet)) box.checked = target.checked;
  show(sheet);
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-bulk-none]")) return;
  for (const sheet of document.querySelectorAll(".sheet")) {
    for (const box of boxes(sheet)) box.checked = false;
    show(sheet);
  }
});

// New rows may arrive while some are chosen; a page brought back by the browser keeps its ticks.
const showAll = () => document.querySelectorAll(".sheet").forEach(show);
document.addEventListener("htmx:after:swap", showAll);
addEventListener("pageshow", showAll);
