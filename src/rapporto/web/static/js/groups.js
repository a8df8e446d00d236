// Groups of a list: a press, Enter or the right arrow opens one (its content is asked for then), the left arrow closes it. What is open
// stays open while the list is written anew; in a list just opened the first group opens by itself.

import htmx from "htmx.org";

const OPENED_AT_ONCE = 50;
const grid = () => document.querySelector("#grid[data-grouped]");
const links = () => [...(grid()?.querySelectorAll("[data-opens]") ?? [])];
const rowOf = (link) => link.closest("tr");
const levelOf = (row) => (row ? Number(row.dataset.level ?? Infinity) : 0);
const isOpen = (link) => link.getAttribute("aria-expanded") === "true";

// The rows of a group follow its head, as far as the next head of its level or of one further out.
function* inside(row) {
  for (let next = row.nextElementSibling; next; next = next.nextElementSibling) {
    if (next.classList.contains("sums") ? levelOf(row) < Number(next.dataset.level) : levelOf(next) > levelOf(row)) yield next;
    else return;
  }
}

async function open(link) {
  if (isOpen(link) || link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  const row = rowOf(link);
  await htmx.ajax("GET", link.getAttribute("href"), { target: `#${row.id}`, swap: "afterend", source: link });
  link.removeAttribute("aria-busy");
  // a request that failed leaves the group closed, and its notice says why
  if (inside(row).next().value) link.setAttribute("aria-expanded", "true");
}

function close(link) {
  for (const row of [...inside(rowOf(link))]) row.remove();
  link.setAttribute("aria-expanded", "false");
  link.dispatchEvent(new CustomEvent("rapporto:rows", { bubbles: true }));
}

const toggle = (link) => (isOpen(link) ? close(link) : open(link));

async function openAll() {
  let left = OPENED_AT_ONCE;
  for (const link of links()) {
    if (isOpen(link) || !left) continue;
    left -= 1;
    await open(link);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    toggle(link);
  }
  if (event.target.closest("[data-open-all]")) openAll();
  if (event.target.closest("[data-close-all]")) for (const one of links()) if (one.isConnected && isOpen(one)) close(one);
});

function neighbour(link, by) {
  const all = links();
  return all[all.indexOf(link) + by];
}

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = {
    ArrowRight: () => (isOpen(link) ? neighbour(link, 1)?.focus() : open(link)),
    ArrowLeft: () => (isOpen(link) ? close(link) : outward(link)?.focus()),
    ArrowDown: () => neighbour(link, 1)?.focus(),
    ArrowUp: () => neighbour(link, -1)?.focus(),
    " ": () => toggle(link),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The head of the group in which this one stands.
function outward(link) {
  const level = levelOf(rowOf(link));
  for (let row = rowOf(link).previousElementSibling; row; row = row.previousElementSibling) {
    if (levelOf(row) < level) return row.querySelector("[data-opens]");
  }
  return null;
}

// Whoever writes the list anew is told which groups are open.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const open = links().filter(isOpen).map((link) => encodeURIComponent(rowOf(link).dataset.in));
  if (open.length) ctx.request.headers["X-Open-Groups"] = open.join(",").slice(0, 4000);
});

// In a list just opened the first group opens by itself, down to its rows; by itself it takes no focus.
async function begin() {
  if (grid()?.querySelector("#rows tr[data-id]")) return;
  let link = links().find(isOpen) ?? links()[0];
  while (link) {
    await open(link);
    const next = rowOf(link).nextElementSibling;
    link = levelOf(next) > levelOf(rowOf(link)) ? next.querySelector("[data-opens]") : null;
  }
}

let begun = null;
function start() {
  const here = grid()?.dataset.here ?? null;
  if (here === begun) return;
  begun = here;
  if (here) begin();
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.id === "grid" || ctx?.target === "#grid") start();
});
addEventListener("pageshow", start);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
