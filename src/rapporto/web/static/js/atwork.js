// The cells that are being worked on: what stands in each, what it goes back to, and how it comes through a list written anew.

import { cellAt, cellOf, textOf } from "./cells.js";

// By name. States: opening (its control is on the way), editing, saving, wrong, unsaved.
export const open = new Map();

// Shows `nodes` in the cell of an editor, if its row is on the page.
export function show(edit, className, ...nodes) {
  edit.view = { className, nodes };
  const cell = cellOf(edit.key);
  if (!cell) return;
  cell.classList.remove("edit", "wrong", "saving", "void");
  cell.classList.add(...className.split(" "));
  replace(cell, nodes);
}

// Taking away what has the focus is no leaving of the cell.
let swapping = false;
export const isSwapping = () => swapping;

function replace(cell, nodes) {
  const before = swapping;
  swapping = true;
  cell.replaceChildren(...nodes);
  swapping = before;
}

export function restore(edit) {
  if (open.get(edit.key) === edit) open.delete(edit.key);
  const cell = cellOf(edit.key);
  if (cell) {
    cell.className = edit.was.className;
    replace(cell, edit.was.nodes);
  }
  count();
}

export const remember = (cell) => ({
  className: [...cell.classList].filter((name) => !["edit", "wrong", "saving", "fresh"].includes(name)).join(" "),
  nodes: [...cell.childNodes],
  text: textOf(cell),
});

// Cells at work keep what is in them; what arrives is what they go back to.
export function busy(key, fresh) {
  const edit = open.get(key);
  if (edit) edit.was = remember(fresh.cloneNode(true));
  return Boolean(edit);
}

// How many cells are not saved, with the button that tries all of them again.
export const waiting = () => [...open.values()].filter((edit) => edit.state === "unsaved");

export function count() {
  for (const place of document.querySelectorAll("[data-sheet-unsaved]")) {
    place.hidden = !waiting().length;
    place.querySelector("[data-number]").textContent = waiting().length;
  }
}

// The list is written anew: cells at work step aside and come back, with the focus and the place of the cursor.
let held = null;

document.addEventListener("htmx:before:swap", () => {
  swapping = true;
  const active = document.activeElement;
  const cell = cellAt(active);
  if (cell && active !== cell) held = active;
  for (const edit of open.values()) {
    const own = cellOf(edit.key);
    if (own?.contains(edit.view.nodes[0])) {
      own.className = edit.was.className;
      replace(own, edit.was.nodes);
    }
  }
});

document.addEventListener("htmx:after:swap", () => {
  for (const edit of open.values()) {
    const cell = cellOf(edit.key);
    if (!cell) continue;
    edit.was = remember(cell);
    show(edit, edit.view.className, ...edit.view.nodes);
  }
  if (held?.isConnected) held.focus({ preventScroll: true });
  held = null;
  swapping = false;
  count();
});
