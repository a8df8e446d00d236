// Keys press the buttons that bear them (data-command, aria-keyshortcuts; said once in the registry of commands), so that nothing
// is done by a key alone. Alt held for a moment shows the letters; with one of them it presses that button. While somebody types
// no plain key acts; with the single keys switched off, none ever does.

import { keep } from "./cookies.js";

const SHOWN_AFTER = 250;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]), textarea, select";
const TYPED = `${FIELDS}, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox], [role=searchbox]`;
const APPLE = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const root = document.documentElement;

const isTyping = (element) => Boolean(element?.closest?.(TYPED));
const isComposing = (event) => event.isComposing || event.keyCode === 229;
const isReachable = (element) => !element.disabled && !element.closest("[hidden], [inert]");

// The topmost layer has the keys: an open dialog alone; then the panel; then the page.
function* layers() {
  const modal = [...document.querySelectorAll("dialog:modal")].at(-1);
  if (modal) return yield modal;
  const panel = document.querySelector("#panel > .panel");
  if (panel) yield panel;
  yield document;
}

const bears = (element, keys) => Boolean(element.getAttribute("aria-keyshortcuts")?.split(" ").includes(keys));

function first(suits) {
  for (const layer of layers()) {
    // The last one of several is the newest: the toast that can be undone.
    const found = [...layer.querySelectorAll("[data-command]")].findLast((one) => suits(one) && isReachable(one));
    if (found) return found;
  }
  return null;
}

export const buttonOf = (name) => first((one) => one.dataset.command === name);

export function commandsHere() {
  const names = [...document.querySelectorAll("[data-command]")].filter(isReachable).map((one) => one.dataset.command);
  return [...new Set(names)];
}

// A field is gone to, anything else is pressed; of a menu that opens, the first thing in it has the focus.
export function press(element) {
  const field = element.matches(FIELDS) ? element : element.querySelector(`:scope > :is(${FIELDS})`);
  const menu = element.closest("details:not([open])");
  if (menu && field) menu.open = true;
  // What opens a dialog leaves the focus where it is: the dialog gives it back to there.
  if (element.getAttribute("aria-haspopup") !== "dialog") (field ?? element).focus();
  if (field) return field.select?.();
  element.click();
  if (element.matches("summary") && element.parentElement.open) {
    element.parentElement.querySelector(":scope > :not(summary) :is(input:not([type=hidden]), select, textarea, button, a)")?.focus();
  }
}

function walk(step) {
  const rows = [...document.querySelectorAll(".sheet tbody [data-panel]")];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : at + step];
  next?.focus();
  return Boolean(next);
}

const nameOf = ({ key }) => key.toUpperCase();

function plainKey(event) {
  if (root.dataset.plainKeys === "off" || isTyping(event.target)) return false;
  // Keys with a name (Escape, Enter) belong to what they are pressed in.
  if (event.key.length > 1) return false;
  const name = nameOf(event);
  const button = first((one) => bears(one, name));
  if (button) press(button);
  else if (document.querySelector("dialog:modal, #panel > .panel")) return false;
  else if (document.body.dataset.nextRow === name) return walk(1);
  else return document.body.dataset.previousRow === name && walk(-1);
  return true;
}

function combined(event) {
  // These reach over an open dialog too.
  const keys = `Control+${nameOf(event)}`;
  const button = [...document.querySelectorAll("[data-command]")].find((one) => bears(one, keys));
  if (button) press(button);
  return Boolean(button);
}

const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : /^Key[A-Z]$/.test(code) ? code.at(3) : "").toUpperCase();

function letter(event) {
  // Option and a letter write a sign on Apple's keyboards.
  const wanted = letterOf(event);
  if (!wanted || (APPLE && isTyping(event.target))) return false;
  const button = first((one) => one.dataset.letter === wanted);
  if (button) press(button);
  return Boolean(button);
}

let clock = null;
const areShown = () => document.body.classList.contains("alt");

function hide() {
  clearTimeout(clock);
  document.body.classList.remove("alt");
}

document.addEventListener("keydown", (event) => {
  const alone = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (event.key === "Alt") {
    if (alone && !event.repeat) clock = setTimeout(() => document.body.classList.add("alt"), SHOWN_AFTER);
    return;
  }
  const held = event.altKey && alone && !event.getModifierState("AltGraph");
  clearTimeout(clock);
  if (event.defaultPrevented || isComposing(event) || event.repeat && event.altKey) return;
  let done = false;
  if (held) done = letter(event);
  else if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) done = combined(event);
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) done = plainKey(event);
  if (!done) return;
  event.preventDefault();
  hide();
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Alt") return;
  // Letting go of the letters must not open the menu of the browser.
  if (areShown()) event.preventDefault();
  hide();
});
addEventListener("blur", hide);

// Whoever speaks to the computer, or touches keys unawares, may switch the single keys off (WCAG 2.1.4).
const showSwitch = () => {
  for (const button of document.querySelectorAll("button[data-plain-keys]")) {
    button.setAttribute("aria-pressed", String(root.dataset.plainKeys !== "off"));
  }
};
document.addEventListener("click", ({ target }) => {
  if (!target.closest("button[data-plain-keys]")) return;
  root.dataset.plainKeys = root.dataset.plainKeys === "off" ? "on" : "off";
  keep("plain_keys", root.dataset.plainKeys === "off" ? "off" : "");
  showSwitch();
});
document.addEventListener("htmx:after:swap", showSwitch);
document.addEventListener("keys:shown", showSwitch);
showSwitch();
