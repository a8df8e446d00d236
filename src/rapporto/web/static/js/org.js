// The org chart: a box dragged onto another one reports to it; branches fold, the drawing grows and shrinks. All but the size
// can be done by the worded forms of a post too.

import htmx from "htmx.org";

const chart = () => document.getElementById("org-chart");
const target = (event) => event.target.closest?.("[data-post], [data-unit], [data-post-top]");
let dragged = null;

function mark(box) {
  for (const one of document.querySelectorAll(".org-chart .over")) if (one !== box) one.classList.remove("over");
  box?.classList.add("over");
}

// A box cannot go below itself: those under it are no place to drop.
const mayTake = (box) => box && dragged && !dragged.closest("li").contains(box);

document.addEventListener("dragstart", (event) => {
  const box = event.target.closest?.("[data-post][draggable]");
  if (!box) return;
  dragged = box;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", box.querySelector("a").textContent);
  box.classList.add("dragged");
  chart().classList.add("dragging");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  mark(null);
  chart()?.classList.remove("dragging");
});

document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  const box = target(event);
  mark(mayTake(box) ? box : null);
  if (mayTake(box)) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const box = dragged && target(event);
  if (!mayTake(box)) return;
  event.preventDefault();
  move(dragged.dataset.post, box.dataset);
});

function move(post, { post: boss = "", unit = "", boss: above = "" }) {
  const values = unit ? { act: "join_unit", post, unit, boss: above } : { act: "report_to", post, boss };
  const swap = { target: "#org-chart", swap: "outerMorph", source: chart(), headers: { "HX-Target": "section#org-chart" } };
  htmx.ajax("POST", chart().dataset.org, { values, ...swap });
}

document.addEventListener("click", ({ target }) => {
  const fold = target.closest("[data-org-fold]");
  if (fold) {
    const below = fold.closest("li").querySelector(":scope > ul");
    below.hidden = !below.hidden;
    fold.setAttribute("aria-expanded", String(!below.hidden));
  }
  const zoom = target.closest("[data-zoom]:not([data-org-sheet])");
  if (zoom) size(Number(zoom.dataset.zoom));
});

const SMALLEST = -5;
const LARGEST = 2;

// «Whole» takes the largest size at which nothing has to be scrolled sideways.
function size(step) {
  const sheet = document.querySelector("[data-org-sheet]");
  if (!sheet) return;
  const set = (value) => (sheet.dataset.zoom = String(Math.max(SMALLEST, Math.min(LARGEST, value))));
  if (step) return set(Number(sheet.dataset.zoom ?? 0) + step);
  const paper = sheet.parentElement;
  for (let value = 0; value >= SMALLEST; value -= 1) {
    set(value);
    if (paper.scrollWidth <= paper.clientWidth) return;
  }
}

// The buttons of the size appear where there is something to size.
function show() {
  const paper = document.querySelector(".org-paper");
  const buttons = document.querySelector("[data-org-zoom]");
  if (paper && buttons) buttons.hidden = false;
}

document.addEventListener("htmx:after:swap", show);
show();
