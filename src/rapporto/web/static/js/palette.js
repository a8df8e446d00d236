// The palette: Ctrl K opens it over anything at once; the server says what is found. What is shown stays until something newer has
// come; an answer that comes late is thrown away; Enter pressed meanwhile takes the first line of what was asked for.

import { buttonOf, commandsHere, press } from "./keyboard.js";
import { say } from "./notices.js";
import { recent } from "./recent.js";

const WAIT = 70;
const BUSY_AFTER = 150;
const palette = document.getElementById("palette");
const field = palette?.querySelector("[role=combobox]");
const list = palette?.querySelector("[role=listbox]");
const said = document.getElementById("palette-said");
const offline = document.getElementById("palette-offline");

let present = [];
let of = ""; // the record whose acts are shown instead of the results
let typed = ""; // what stood in the field before
let wait = null;
let busy = null;
let asking = null;
let hurried = null;

const options = () => [...list.querySelectorAll('[role=option]:not([aria-disabled="true"])')];
const active = () => list.querySelector('[role=option][aria-selected="true"]');

function point(option) {
  active()?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  // The first line is shown with the heading above it.
  if (option === options()[0]) list.scrollTop = 0;
  else option.scrollIntoView({ block: "nearest" });
}

function address() {
  const url = new URL(palette.dataset.url, location.href);
  const chosen = document.querySelectorAll(".sheet tbody .pick input:checked").length;
  const asked = { q: field.value.trim(), at: location.pathname + location.search, has: present.join(), recent: recent().join(), of, chosen };
  for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
  return url;
}

async function ask() {
  clearTimeout(wait);
  wait = null;
  asking?.abort();
  const mine = (asking = new AbortController());
  clearTimeout(busy);
  busy = setTimeout(() => palette.setAttribute("aria-busy", "true"), BUSY_AFTER);
  try {
    const answer = await fetch(address(), { headers: { "HX-Request": "true" }, signal: mine.signal });
    const text = answer.ok ? await answer.text() : "";
    if (asking !== mine) return;
    settle();
    if (answer.ok) show(text);
    else if (answer.status === 401) signedOut();
    else cannot();
  } catch {
    if (asking !== mine) return;
    settle();
    cannot();
  }
}

function settle() {
  asking = null;
  clearTimeout(busy);
  palette.removeAttribute("aria-busy");
}

function show(text) {
  offline.hidden = true;
  list.innerHTML = text;
  said.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  point(options()[0]);
  if (hurried) take(active(), hurried.newTab);
}

function cannot() {
  hurried = null;
  offline.textContent = palette.dataset.offline;
  offline.hidden = false;
}

function signedOut() {
  palette.close();
  say("expired");
}

function take(option, newTab) {
  hurried = null;
  if (!option) return;
  if (newTab && option.href) return open(option.href, "_blank", "noopener");
  for (const dialog of document.querySelectorAll("dialog:modal")) dialog.close();
  if (option.dataset.press) {
    const button = buttonOf(option.dataset.press);
    if (button) press(button);
  } else {
    location.assign(option.href);
  }
}

// The acts of a record take the place of the results; Esc and Backspace give them back as they were.
function turnTo(record) {
  if (!of) typed = field.value;
  of = record;
  field.value = record ? "" : typed;
  ask();
}

function begin() {
  present = commandsHere();
  of = "";
  field.value = "";
  hurried = null;
  list.replaceChildren();
  palette.showModal();
  field.focus();
  ask();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const all = options();
  const at = all.indexOf(active());
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 }[event.key];
  if (step) {
    const next = Math.abs(step) === 1 ? (at + step + all.length) % all.length : Math.min(Math.max(at + step, 0), all.length - 1);
    point(all[next]);
  } else if (event.key === "Enter") {
    const newTab = event.ctrlKey || event.metaKey;
    if (wait || asking) {
      hurried = { newTab };
      if (wait) ask();
    } else {
      take(active(), newTab);
    }
  } else if (event.key === "Tab" && !event.shiftKey && !of && active()?.dataset.acts) {
    turnTo(active().dataset.acts);
  } else if (of && (event.key === "Escape" || (event.key === "Backspace" && !field.value))) {
    turnTo("");
  } else {
    return;
  }
  event.preventDefault();
}

if (palette) {
  field.addEventListener("keydown", onKey);
  field.addEventListener("input", () => {
    hurried = null;
    if (of) of = "";
    clearTimeout(wait);
    wait = setTimeout(ask, WAIT);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    take(option, false);
  });
  // The field keeps the focus: what is touched in the list is read out through it.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  palette.addEventListener("close", () => {
    asking?.abort();
    settle();
    clearTimeout(wait);
    wait = null;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-command="palette"]');
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    begin();
  });
  // Ctrl K again, from inside, begins anew.
  palette.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
