// Sums may lie beside what is in sight, or under the panel: then the row of totals offers the way to them.

const sums = () => [...document.querySelectorAll("#totals td")].filter((cell) => cell.textContent.trim());

function inSight(cell, { left, right }) {
  const box = cell.getBoundingClientRect();
  return box.left >= left - 1 && box.right <= right + 1;
}

function room() {
  const { left, right } = document.querySelector("#totals").closest(".scroll").getBoundingClientRect();
  const panel = document.querySelector(".panel")?.getBoundingClientRect();
  return { left, right: panel && panel.left > left ? Math.min(right, panel.left) : right };
}

function say() {
  const way = document.querySelector("[data-sums-far]");
  if (!way) return;
  const cells = sums();
  way.hidden = !cells.length || cells.some((cell) => inSight(cell, room()));
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-sums-far]")) return;
  sums()[0]?.scrollIntoView({ block: "nearest", inline: "center" });
});

document.addEventListener("scroll", say, { capture: true, passive: true });
document.addEventListener("htmx:after:swap", say);
addEventListener("resize", say);
say();
