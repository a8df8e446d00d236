// The cells of a list: which there are, what they are called, what stands in them, and how they are written anew.

const CELL = ".sheet[data-record] > tbody > tr[data-id] > :is(td, th):not(.pick)";

export const cellAt = (node) => node?.closest?.(CELL) ?? null;
export const sheetOf = (cell) => cell.closest(".sheet");
export const rowId = (cell) => cell.parentElement.dataset.id;
export const rows = (sheet) => [...sheet.querySelectorAll(":scope > tbody > tr[data-id]")];
export const headOf = (cell) => sheetOf(cell).tHead.rows[0].cells[cell.cellIndex];
export const fieldOf = (cell) => headOf(cell).dataset.f;
export const keyOf = (cell) => `${rowId(cell)}/${fieldOf(cell)}`;
export const mayEdit = (cell) => "editable" in sheetOf(cell).dataset;

// The names of the columns in their order, from one place on.
export const columns = (sheet, from = 0) =>
  [...sheet.tHead.rows[0].cells].slice(from).flatMap((head) => head.dataset.f ?? []);

// The cell of a record and a field, wherever it stands by now; a list shows a record of several links in several groups.
export function cellOf(key) {
  const [id, field] = key.split("/");
  const sheet = document.querySelector(".sheet[data-record]");
  const head = sheet && [...sheet.tHead.rows[0].cells].find((one) => one.dataset.f === field);
  return (head && sheet.querySelector(`tr[data-id="${CSS.escape(id)}"]`)?.cells[head.cellIndex]) ?? null;
}

// What a cell says: long texts in full, without marks that are only for the eye.
export function textOf(cell) {
  if (cell.classList.contains("void")) return "";
  const long = cell.querySelector("span[title]:not(.who)");
  if (long) return long.title;
  const copy = cell.cloneNode(true);
  for (const mark of copy.querySelectorAll("[aria-hidden=true], form, .cell-note, .cell-saying")) mark.remove();
  return copy.textContent.trim();
}

// Writes rows as they came from the server over those of the list: what changed gets a line, cells at work are left to `busy`.
export function putRows(answer, busy) {
  const named = (answer.querySelector("[data-fresh]")?.dataset.fresh ?? "").split(" ");
  for (const row of answer.querySelectorAll("tr[data-id]")) {
    for (const shown of document.querySelectorAll(`.sheet[data-record] tr[data-id="${CSS.escape(row.dataset.id)}"]`)) {
      [...row.cells].forEach((cell, at) => {
        if (!cell.classList.contains("pick") && shown.cells[at]) putCell(shown.cells[at], cell, named, busy);
      });
    }
  }
}

const KEPT = ["chosen", "at"];

function putCell(old, fresh, named, busy) {
  const key = keyOf(old);
  const changed = old.innerHTML !== fresh.innerHTML;
  if (busy(key, fresh)) return;
  const kept = KEPT.filter((name) => old.classList.contains(name));
  old.className = fresh.className;
  old.classList.add(...kept);
  if (changed) old.replaceChildren(...[...fresh.childNodes].map((node) => node.cloneNode(true)));
  if (changed || named.includes(key)) markFresh(old);
}

const FRESH = 8000;

function markFresh(cell) {
  cell.classList.add("fresh");
  setTimeout(() => cell.classList.remove("fresh"), FRESH);
}

// A toast that came along with rows goes where toasts are; its undo happens in place.
export function putToast(answer, { inPlace = true } = {}) {
  const toast = answer.querySelector(".toast");
  if (!toast) return;
  if (inPlace) toast.dataset.inPlace = "";
  document.getElementById("toasts")?.append(toast);
}

export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// The words that the page carries for what only the browser can say.
export const word = (name) => document.querySelector("[data-sheet-words]")?.dataset[name] ?? "";

// A quiet sentence in the bar of the sheet.
export function tell(text) {
  for (const place of document.querySelectorAll("[data-sheet-says]")) place.textContent = text;
}
