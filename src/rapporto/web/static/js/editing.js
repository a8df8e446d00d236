// Editing a cell where it stands. What is typed is shown at once and saved in order behind it; whatever goes wrong, it stays in its cell.

import { ask } from "./asking.js";
import { busy, count, isSwapping, open, remember, restore, show, waiting } from "./atwork.js";
import { fill, hold, saying, sent, walk, wanted } from "./cellform.js";
import { cellAt, cellOf, columns, headOf, keyOf, parsed, putRows, putToast, sheetOf, tell, textOf, word } from "./cells.js";

let tail = Promise.resolve();
export const inOrder = (task) => (tail = tail.then(task, task));

export function start(cell, typed = null) {
  const key = keyOf(cell);
  const known = open.get(key);
  if (known && known.state !== "saving") return wanted(cell)?.focus();
  const edit = { key, url: `/${sheetOf(cell).dataset.record}/${key.replace("/", "/cell/")}/`, state: "opening" };
  edit.was = known ? { ...known.was, text: known.text } : remember(cell);
  edit.after = known?.done;
  open.set(key, edit);
  const input = document.createElement("input");
  input.className = "in";
  input.defaultValue = edit.was.text;
  input.setAttribute("aria-label", headOf(cell).textContent.trim());
  if (typed !== null) input.value = typed;
  edit.input = input;
  show(edit, "edit", input);
  input.focus({ preventScroll: true });
  if (typed === null) input.select();
  arrive(edit);
}

// The control of the kind takes the place of the plain line, with what was typed meanwhile.
function arrive(edit) {
  edit.arrival = (edit.after ?? Promise.resolve()).then(() => ask(edit.url)).then(
    ({ status, text }) => settle(edit, status, parsed(text)),
    ({ message }) => {
      edit.missed = message;
      if (edit.state === "opening" && open.get(edit.key) === edit) unsaved(edit, message);
    },
  );
}

function settle(edit, status, answer) {
  // Esc came first.
  if (open.get(edit.key) !== edit) return;
  const form = answer.querySelector(".cell-form");
  if (!form) return locked(edit, answer, status);
  edit.form = form;
  edit.first = sent(form);
  const now = answer.querySelector("[data-now]")?.cells[0];
  const text = now && textOf(now);
  const stale = now && !edit.after && text !== edit.was.text;
  if (stale) edit.was = { ...edit.was, nodes: [...now.cloneNode(true).childNodes], text };
  const typed = edit.input.value !== edit.input.defaultValue ? edit.input.value : null;
  const taken = typed === null || fill(form, typed);
  edit.letters = { text: typed ?? "", at: Date.now() };
  if (edit.state === "saving" && taken && !stale) return;
  const held = edit.state === "saving" || document.activeElement === edit.input;
  edit.state = "editing";
  show(edit, "edit", form);
  if (stale && typed !== null) note(edit, word("stale").replace("{value}", text || "—"));
  else if (!taken) note(edit, word("nochoice"));
  if (held) hold(form, typed);
}

function locked(edit, answer, status) {
  const reason = answer.querySelector("[data-locked]");
  restore(edit);
  const cell = cellOf(edit.key);
  if (!cell) return;
  cell.focus({ preventScroll: true });
  if (reason) cell.append(reason);
  else tell(word(status === 404 ? "gone" : "failed"));
}

// A note of a locked cell goes with the next step.
document.addEventListener("focusout", ({ target }) => {
  if (cellAt(target) === target) target.querySelector(":scope > [data-locked]")?.remove();
});

function commit(edit, { again = false } = {}) {
  const typed = edit.form ? sent(edit.form) : edit.input.value;
  const before = edit.form ? edit.first : edit.input.defaultValue;
  if (!again && typed === before) {
    if (edit.state === "opening" || edit.state === "editing") restore(edit);
    return;
  }
  edit.text = edit.form ? saying(edit.form) : edit.input.value;
  edit.state = "saving";
  const [said, saving] = [document.createElement("span"), document.createElement("small")];
  said.className = "cell-saying";
  said.textContent = edit.text || "—";
  saving.className = "cell-saving";
  saving.textContent = word("saving");
  show(edit, "saving", said, saving);
  edit.done = inOrder(() => send(edit));
  count();
}

async function send(edit) {
  if (!edit.form) {
    if (edit.missed) arrive(edit);
    await edit.arrival;
    // The control came with news, or could not come: it stands in the cell.
    if (edit.state !== "saving") return;
    if (!edit.form) return unsaved(edit, edit.missed ?? "away");
  }
  const form = edit.form;
  const body = new FormData(form);
  body.set("version", form.dataset.version);
  const sheet = document.querySelector(".sheet[data-record]");
  if (sheet) body.set("columns", columns(sheet).join(","));
  try {
    const { status, text } = await ask(edit.url, body);
    took(edit, status, parsed(text));
  } catch ({ message }) {
    unsaved(edit, message);
  }
}

function took(edit, status, answer) {
  const form = answer.querySelector(".cell-form");
  if (form) {
    edit.form = form;
    edit.first = sent(form);
    edit.state = "wrong";
    show(edit, "edit wrong", form);
    point(form.querySelector(".cell-note"));
  } else if (status < 400) {
    restore(edit);
    putRows(answer, busy);
    putToast(answer);
    stays(edit);
  } else {
    unsaved(edit, "failed", answer.querySelector("h1") ? "" : answer.body.textContent.trim());
  }
  count();
}

// The row stays where it is though it is sorted or filtered by what was changed: the list says so.
function stays(edit) {
  const cell = cellOf(edit.key);
  if (!cell) return;
  const filter = sheetOf(cell).querySelector("#filter-row")?.cells[cell.cellIndex]?.querySelector("input, select");
  if (headOf(cell).hasAttribute("aria-sort") || filter?.value) tell(word("stays"));
}

function unsaved(edit, message, text = "") {
  edit.state = "unsaved";
  edit.missed = edit.form ? null : message;
  const bare = edit.form ?? edit.input;
  const hadFocus = bare.contains(document.activeElement);
  let holder = bare;
  if (bare === edit.input) {
    holder = document.createElement("form");
    holder.className = "cell-form";
    holder.append(bare);
  }
  show(edit, "edit wrong", holder);
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn";
  again.dataset.cellAgain = "";
  again.textContent = word("again");
  note(edit, text || word(message), again);
  if (hadFocus) wanted(holder)?.focus({ preventScroll: true });
  count();
}

function note(edit, text, ...more) {
  const [form] = edit.view.nodes;
  form.querySelector(".cell-note")?.remove();
  const place = document.createElement("p");
  place.className = "cell-note error";
  place.setAttribute("role", "alert");
  const said = document.createElement("span");
  said.textContent = text;
  place.append(said, ...more);
  form.append(place);
  point(place);
}

// The newest note is in sight; the others are when their cell is pointed at.
function point(note) {
  document.querySelector(".cell-note.newest")?.classList.remove("newest");
  note?.classList.add("newest");
}

const again = () => waiting().forEach((edit) => commit(edit, { again: true }));
document.addEventListener("rapporto:back", again);

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-sheet-again]")) return again();
  const cell = cellAt(target);
  const edit = cell && open.get(keyOf(cell));
  if (!edit) return;
  if (target.closest("[data-cell-again], [data-cell-mine]")) commit(edit, { again: true });
  if (target.closest("[data-cell-theirs]")) theirs(edit, cell);
});

// A form in a cell is sent by us alone.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".cell-form")) event.preventDefault();
});

async function theirs(edit, cell) {
  const [id] = edit.key.split("/");
  const query = new URLSearchParams({ ids: id, columns: columns(sheetOf(cell)).join(",") });
  restore(edit);
  cell.focus({ preventScroll: true });
  await ask(`/${sheetOf(cell).dataset.record}/rows/?${query}`).then(({ text }) => putRows(parsed(text), busy), () => {});
}

// Keys in an editor. `leave` takes the focus on: down, or across by so many cells.
export function edited(event, leave) {
  const cell = cellAt(event.target);
  const edit = cell && open.get(keyOf(cell));
  if (!edit || event.target === cell || event.isComposing) return false;
  const { key, target } = event;
  const suggesting = target.getAttribute("aria-expanded") === "true";
  if (key === "Escape" && !suggesting) return restore(edit), leave(cell), true;
  if (target.closest("button")) return false;
  if (key === "Enter" && !event.shiftKey && !(suggesting && target.hasAttribute("aria-activedescendant"))) {
    return commit(edit), leave(cell, "down"), true;
  }
  if (key === "Tab" && !edit.view.nodes[0].querySelector?.("button")) return commit(edit), leave(cell, event.shiftKey ? -1 : 1), true;
  if (target.matches("select") && key.length === 1 && !event.ctrlKey && !event.metaKey) return spell(edit, key), true;
  return target.closest(".cell-box") ? walk(target, { ArrowDown: 1, ArrowUp: -1 }[key]) : false;
}

// The letters of a choice, those typed before its list came among them.
const PAUSE = 1000;

function spell(edit, key) {
  const before = Date.now() - edit.letters.at < PAUSE ? edit.letters.text : "";
  edit.letters = { text: before + key, at: Date.now() };
  fill(edit.form, edit.letters.text);
}

// A press elsewhere saves, as in every sheet; a window that loses the focus changes nothing.
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const cell = cellAt(target);
  const edit = cell && target !== cell && open.get(keyOf(cell));
  if (!edit || isSwapping() || edit.state === "saving" || cell.contains(relatedTarget) || !document.hasFocus()) return;
  if (edit.state === "wrong" || edit.state === "unsaved") {
    if (!edit.form || sent(edit.form) === edit.first) return;
  }
  commit(edit);
});

// Leaving the sheet saves what stands open.
export function close() {
  for (const edit of open.values()) if (edit.state === "editing" || edit.state === "opening") commit(edit);
}

addEventListener("beforeunload", (event) => {
  if ([...open.values()].some((edit) => edit.state !== "editing" || sent(edit.form) !== edit.first)) event.preventDefault();
});
