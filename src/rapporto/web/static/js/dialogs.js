// The two dialogs over a page, the palette and the sheet of the keys: while one is open, no key reaches what lies below it.

import { commandsHere } from "./keyboard.js";

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dialog-close]")) target.closest("dialog").close();
  // A press beside the dialog falls on the dialog itself.
  else if (target.matches("dialog:modal")) target.close();
});

// Esc closes the dialog and nothing below it.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation();
  });
}

const sheet = () => document.getElementById("keys-sheet");

async function showKeys(href) {
  const list = document.getElementById("keys-list");
  const url = new URL(href, location.href);
  url.searchParams.set("has", commandsHere().join());
  sheet().showModal();
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "div#keys-list" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return location.assign(href);
  list.innerHTML = await answer.text();
  document.dispatchEvent(new Event("keys:shown"));
  list.querySelector("[data-keys-filter]").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[data-command="keys"]');
  if (!link || !sheet() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!sheet().open) showKeys(link.href);
});

// Searching among the keys: every word must stand somewhere in the line.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-keys-filter]")) return;
  const words = folded(target.value).split(/\s+/);
  const keys = target.closest(".keys");
  for (const line of keys.querySelectorAll("[data-keys-words]")) {
    line.hidden = !words.every((word) => folded(line.dataset.keysWords + line.textContent).includes(word));
  }
  for (const group of keys.querySelectorAll("[data-keys-group]")) {
    group.hidden = !group.querySelector("[data-keys-words]:not([hidden])");
  }
  keys.querySelector("[data-keys-none]").hidden = Boolean(keys.querySelector("[data-keys-group]:not([hidden])"));
});
