// The undo of what was changed in the list itself: the rows go back where they stand, and the list does not move.

import { ask } from "./asking.js";
import { columns, parsed, putRows, putToast, rows, tell, word } from "./cells.js";
import { busy } from "./atwork.js";
import { inOrder } from "./editing.js";

const AT_ONCE = 200;

// Writes the rows of the list anew that are on the page; `removing` those that are no longer there.
export async function refreshRows({ removing = false } = {}) {
  const sheet = document.querySelector(".sheet[data-record]");
  if (!sheet) return;
  const ids = [...new Set(rows(sheet).map((row) => row.dataset.id))];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const query = new URLSearchParams({ ids: ids.slice(from, from + AT_ONCE).join(","), columns: columns(sheet).join(",") });
    const { text } = await ask(`/${sheet.dataset.record}/rows/?${query}`);
    const answer = parsed(text);
    putRows(answer, busy);
    if (removing) remove(sheet, ids.slice(from, from + AT_ONCE), answer);
  }
}

function remove(sheet, ids, answer) {
  const there = new Set([...answer.querySelectorAll("tr[data-id]")].map((row) => row.dataset.id));
  for (const id of ids) {
    if (!there.has(id)) sheet.querySelectorAll(`tr[data-id="${CSS.escape(id)}"]`).forEach((row) => row.remove());
  }
}

async function undo(form) {
  const { text, redirected, status, url } = await ask(form.getAttribute("action"), new FormData(form), { whole: true });
  const answer = parsed(text);
  // Very much is put back behind the pages: its page says how far it is.
  if (redirected && new URL(url).pathname !== location.pathname) return location.assign(url);
  // Something was kept, with its reason: that is a page of its own.
  if (redirected) putToast(answer);
  else if (status < 400) showKept(answer);
  else tell(answer.body.textContent.trim());
  await refreshRows();
}

function showKept(answer) {
  const dialog = document.querySelector("[data-sheet-dialog]");
  const page = answer.querySelector("main .page") ?? answer.querySelector("main");
  dialog.replaceChildren(...page.children);
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const toast = event.target.closest(".toast[data-in-place]");
  if (!toast || !document.querySelector(".sheet[data-record]")) return;
  event.preventDefault();
  toast.remove();
  inOrder(() => undo(event.target).catch(({ message }) => tell(word(message))));
});
