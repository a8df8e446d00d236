// Copying and pasting cells, and filling down: the texts go to the server, which saves them or shows first what they would change.

import { ask } from "./asking.js";
import { busy } from "./atwork.js";
import { columns, keyOf, parsed, putRows, putToast, rowId, rows, sheetOf, tell, textOf, word } from "./cells.js";
import { inOrder } from "./editing.js";

const LARGEST = 2_000_000;
const quoted = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// The cells as spreadsheets take them: tabs between columns, line ends between rows.
export const copyText = (range) => range.map((row) => row.map((cell) => quoted(textOf(cell))).join("\t")).join("\n");

export function pasteText(text, range) {
  if (text.length > LARGEST) return tell(word("toomuch"));
  send(range, { text });
}

export function fillDown(range) {
  if (range.length < 2) return tell(word("fillrange"));
  send(range, { fill: "1" });
}

function send(range, what) {
  const cell = range[0]?.[0];
  if (!cell) return tell(word("choose"));
  const sheet = sheetOf(cell);
  const below = rows(sheet);
  const all = below.slice(below.indexOf(cell.parentElement));
  const body = new FormData();
  const named = {
    ids: all.map((row) => row.dataset.id).join(","),
    columns: columns(sheet, cell.cellIndex).join(","),
    size: `${range.length}x${range[0].length}`,
    shown: columns(sheet).join(","),
    seen: seen(all, cell.cellIndex, range, what.text ?? ""),
    ...what,
  };
  for (const [name, value] of Object.entries(named)) body.set(name, value);
  post(`/${sheet.dataset.record}/paste/`, body);
}

// What stands in the cells that may be written: whoever changed one meanwhile is not written over unasked.
function seen(below, from, range, text) {
  const lines = text.split(/\r?\n/);
  const height = Math.max(range.length, lines.length);
  const width = Math.max(range[0].length, ...lines.map((line) => line.split("\t").length));
  const found = {};
  for (const row of below.slice(0, height)) {
    for (const cell of [...row.cells].slice(from, from + width)) found[keyOf(cell)] = textOf(cell).replace(/\s+/g, " ");
  }
  const said = JSON.stringify(found);
  return said.length > LARGEST ? "" : said;
}

function post(url, body) {
  tell(word("saving"));
  inOrder(() =>
    ask(url, body).then(
      ({ status, text }) => took(status, parsed(text)),
      ({ message }) => tell(word(message)),
    ),
  );
}

const dialog = () => document.querySelector("[data-sheet-dialog]");

function took(status, answer) {
  const form = answer.querySelector("form[data-paste]");
  tell("");
  if (form) {
    dialog().replaceChildren(form);
    if (!dialog().open) dialog().showModal();
    (form.querySelector("[aria-invalid]") ?? form.querySelector("h2")).focus();
  } else if (status < 400) {
    dialog()?.close();
    putRows(answer, busy);
    putToast(answer);
  } else {
    tell(answer.body.textContent.trim());
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-paste]");
  if (!form) return;
  event.preventDefault();
  post(form.getAttribute("action"), new FormData(form, event.submitter));
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-sheet-close]")) dialog().close();
});

// Esc, or a press beside it, closes what shows; what was mended there is not thrown away so easily.
const isMended = () => [...dialog().querySelectorAll("input.in")].some((input) => input.value !== input.defaultValue);

for (const name of ["cancel", "click"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!event.target.matches?.("[data-sheet-dialog]") || !isMended()) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}
