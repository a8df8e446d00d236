// A list as a sheet: the focus walks over its cells, ranges are chosen, and the keys and buttons lead to editing and pasting.

import { keep } from "./cookies.js";
import { cellAt, cellOf, keyOf, mayEdit, rows, sheetOf, tell, word } from "./cells.js";
import { close, edited, start } from "./editing.js";
import { copyText, fillDown, pasteText } from "./pasting.js";
import "./undoing.js";

const root = document.documentElement;
const isOn = () => "sheet" in root.dataset;
const focused = () => (document.activeElement === cellAt(document.activeElement) ? document.activeElement : null);

// Where the focus was last, and the other corner of the chosen range: by name, as rows are written anew.
let at = null;
let corner = null;
const current = () => focused() ?? (at && cellOf(at));

function go(cell, { extend = false } = {}) {
  if (!cell) return;
  document.querySelector(".sheet .at")?.removeAttribute("tabindex");
  document.querySelector(".sheet .at")?.classList.remove("at");
  cell.classList.add("at");
  cell.tabIndex = 0;
  at = keyOf(cell);
  if (!extend) corner = at;
  cell.focus({ preventScroll: true });
  inSight(cell);
  showRange();
}

// The head and the filters lie over the first rows: a cell comes out from under them.
function inSight(cell) {
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const scroll = cell.closest(".scroll");
  const under = Math.max(...[...sheetOf(cell).tHead.rows].map((row) => row.cells[0].getBoundingClientRect().bottom));
  const top = cell.getBoundingClientRect().top;
  if (scroll && top < under) scroll.scrollTop -= under - top;
}

// The chosen range: its rows of cells.
function range() {
  const here = at && cellOf(at);
  if (!here) return [];
  const there = (corner && cellOf(corner)) ?? here;
  const all = rows(sheetOf(here));
  const [first, last] = [all.indexOf(here.parentElement), all.indexOf(there.parentElement)].sort((a, b) => a - b);
  const [left, right] = [here.cellIndex, there.cellIndex].sort((a, b) => a - b);
  return all.slice(first, last + 1).map((row) => [...row.cells].slice(left, right + 1));
}

function showRange() {
  for (const cell of document.querySelectorAll(".sheet .chosen")) mark(cell, false);
  const cells = range();
  if (cells.length > 1 || cells[0]?.length > 1) cells.flat().forEach((cell) => mark(cell, true));
}

function mark(cell, chosen) {
  cell.classList.toggle("chosen", chosen);
  if (chosen) cell.setAttribute("aria-selected", "true");
  else cell.removeAttribute("aria-selected");
}

// Steps: down and across from a cell; beyond the last row the next ones are fetched.
function step(cell, down, across) {
  const all = rows(sheetOf(cell));
  const row = all.indexOf(cell.parentElement) + down;
  const cells = [...(all[Math.min(Math.max(row, 0), all.length - 1)]?.cells ?? [])].filter((one) => cellAt(one));
  const here = [...cell.parentElement.cells].filter((one) => cellAt(one)).indexOf(cell);
  if (row >= all.length - 1) document.querySelector(".sheet #more a[hx-get]")?.click();
  return cells[Math.min(Math.max(here + across, 0), cells.length - 1)];
}

// Tab goes to the next cell, at the end of the row to the first one of the next row.
function next(cell, by) {
  const moved = step(cell, 0, by);
  if (moved !== cell) return moved;
  const row = step(cell, by, -by * 1000);
  return row?.parentElement === cell.parentElement ? null : row;
}

const PAGE = 15;
const MOVES = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [PAGE, 0],
  PageUp: [-PAGE, 0],
  Home: [0, -1e6],
  End: [0, 1e6],
};

function move(cell, event) {
  const [down, across] = MOVES[event.key];
  const far = event.ctrlKey || event.metaKey ? 1e6 : 0;
  const [d, a] = far && event.key.startsWith("Arrow") ? [down * far, across * far] : [down || Math.sign(across) * (far && 1e6), across];
  go(step(cell, d, a), { extend: event.shiftKey });
}

// Keys on a focused cell; what is written in an editor is for editing.js.
function onKey(event) {
  const cell = focused();
  if (!cell || event.altKey || event.isComposing) return false;
  const command = event.ctrlKey || event.metaKey;
  if (event.key in MOVES) return move(cell, event), true;
  if (event.key === "Tab" && isOn() && !command) {
    const to = next(cell, event.shiftKey ? -1 : 1);
    return to ? (go(to), true) : false;
  }
  if (!mayEdit(cell)) return false;
  if (event.key === "F2" || (event.key === "Enter" && !command)) return start(cell), true;
  if (!isOn()) return false;
  if (command && event.key.toLowerCase() === "d") return fillDown(range()), true;
  if (event.key === "Delete" || event.key === "Backspace") return pasteText("", range()), true;
  if (!command && event.key.length === 1) return start(cell, event.key), true;
  return false;
}

// Where the focus goes when an editor is left: down, across, or back to its cell.
function leave(cell, way) {
  if (way === "down") go(step(cell, 1, 0));
  else go((way && next(cell, way)) || cell);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!edited(event, leave) && !onKey(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// The mouse: a press takes the cell, two open it, dragging chooses a range; links inside open only with Ctrl, or by the button.
let dragging = false;
const ownControl = (target) => target.closest("form, input, select, textarea, button, .cell-note");

document.addEventListener("pointerdown", (event) => {
  const cell = cellAt(event.target);
  if (!cell || event.button !== 0 || ownControl(event.target)) return;
  if (!isOn()) {
    if (!event.target.closest("a")) cell.tabIndex = -1;
    return;
  }
  dragging = event.pointerType === "mouse";
  go(cell, { extend: event.shiftKey });
});

document.addEventListener("mousedown", (event) => {
  const cell = isOn() && cellAt(event.target);
  // The focus has been set already, and text is not marked while cells are.
  if (cell && event.button === 0 && !ownControl(event.target)) event.preventDefault();
});

document.addEventListener("pointerover", (event) => {
  const cell = dragging && cellAt(event.target);
  if (cell && sheetOf(cell) === sheetOf(current() ?? cell)) go(cell, { extend: true });
});

addEventListener("pointerup", () => (dragging = false));

document.addEventListener(
  "click",
  (event) => {
    const cell = isOn() && !following && cellAt(event.target);
    if (!cell || !event.target.closest("a") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("dblclick", (event) => {
  const cell = cellAt(event.target);
  if (!cell || !mayEdit(cell) || ownControl(event.target) || (!isOn() && event.target.closest("a"))) return;
  getSelection()?.removeAllRanges();
  go(cell);
  start(cell);
});

document.addEventListener("focusin", ({ target }) => {
  const cell = cellAt(target);
  if (cell !== target || keyOf(cell) === at) return;
  go(cell);
});

// Copy and paste by key come as events of the browser, by button through its clipboard.
document.addEventListener("copy", (event) => {
  if (!focused() || getSelection()?.toString()) return;
  event.clipboardData.setData("text/plain", copyText(range()));
  event.preventDefault();
});

document.addEventListener("paste", (event) => {
  const cell = focused();
  if (!cell || !mayEdit(cell)) return;
  event.preventDefault();
  pasteText(event.clipboardData.getData("text/plain"), range());
});

let following = false;

function follow(link) {
  following = true;
  link?.click();
  following = false;
}

const ACTS = {
  edit: (cell) => start(cell),
  copy: async () => {
    await navigator.clipboard.writeText(copyText(range()));
    tell(word("copied"));
  },
  paste: async () => pasteText(await navigator.clipboard.readText(), range()),
  fill: () => fillDown(range()),
  empty: () => pasteText("", range()),
  open: (cell) => follow(cell.parentElement.querySelector("a[data-panel]")),
};

async function act(name) {
  const cell = current();
  if (!cell) return tell(word("choose"));
  tell("");
  go(cell, { extend: true });
  // The browser may keep its clipboard from buttons: the keys always work.
  await Promise.resolve(ACTS[name](cell)).catch(() => tell(word(name === "copy" ? "copykey" : "pastekey")));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-sheet-act]");
  if (button) act(button.dataset.sheetAct);
  if (target.closest("[data-sheet-mode]")) choose(!isOn());
});

// The mode is kept by the browser, and written into the page by the server next time.
function choose(on) {
  if (on) root.dataset.sheet = "";
  else delete root.dataset.sheet;
  keep("sheet", on ? "1" : "");
  show();
  if (on) go(current() ?? cellAt(document.querySelector(".sheet[data-record] > tbody > tr[data-id] > :is(td, th):not(.pick)")));
  else close();
}

function show() {
  for (const button of document.querySelectorAll("[data-sheet-mode]")) button.setAttribute("aria-pressed", String(isOn()));
  for (const sheet of document.querySelectorAll(".sheet[data-record]")) {
    if (isOn()) sheet.setAttribute("role", "grid");
    else sheet.removeAttribute("role");
  }
}

// A list written anew keeps its place: the focused cell, the range, and every cell at work.
document.addEventListener("htmx:after:swap", () => {
  show();
  const cell = at && cellOf(at);
  if (cell && !cell.hasAttribute("tabindex") && isOn()) cell.tabIndex = 0;
  if (cell) showRange();
});

show();
