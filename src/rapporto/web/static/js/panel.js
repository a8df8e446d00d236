// The side panel: a link with data-panel opens its page beside the grid. The address is that of the real page, pushed once;
// Esc, the cross and Back give the grid back as it was, with the focus on the row it was opened from.

import htmx from "htmx.org";
import { isUnsaved } from "./unsaved.js";

const place = () => document.getElementById("panel");
const panel = () => place()?.querySelector(".panel");
const outside = () => [...document.querySelectorAll("a[data-panel]")].filter((link) => !link.closest("#panel"));
const linkTo = (href) => outside().find((link) => link.getAttribute("href") === href);
const here = () => location.pathname + location.search;

// The page that the panel lies over (its address and title), the same after closing (Forward needs it), and the open row.
let home = null;
let left = null;
let opened = null;

// The link from which the panel was opened; its neighbours of the same kind in the same list are the previous and the next.
let origin = null;
const LISTS = ".sheet, .lines, .org, .links-map, .stream";
const shape = (link) => link.getAttribute("href").replace(/\d+/g, "");
const source = () => (origin?.isConnected ? origin : linkTo(opened));

function neighbours() {
  const link = source();
  const list = link?.closest(LISTS);
  return list ? [...list.querySelectorAll("a[data-panel]")].filter((one) => shape(one) === shape(link)) : [];
}

const neighbour = (by) => neighbours()[neighbours().indexOf(source()) + by];

function mark(href) {
  for (const row of document.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  opened = href;
  if (!href) origin = null;
  else source()?.closest("tr")?.setAttribute("aria-current", "true");
}

async function open(href, remember = true, link = linkTo(href)) {
  // What is opened out of the panel itself leaves it where it was.
  if (link && !link.closest("#panel")) origin = link;
  home ??= { address: here(), title: document.title };
  const before = panel();
  const from = opened;
  place().toggleAttribute("data-arriving", !before);
  const remembered = !remember ? {} : before ? { replace: href } : { push: href };
  mark(href);
  await htmx.ajax("GET", href, { target: "#panel", swap: "innerHTML", source: place(), headers: { "HX-Target": "div#panel" }, ...remembered });
  if (opened !== href) return; // another row was asked for meanwhile
  if (panel() !== before) show();
  else refuse(before, from);
}

// The answer was a notice instead of a panel: the address goes back to what is shown.
function refuse(before, from) {
  const moved = here() !== (before ? from : home.address);
  if (before) {
    mark(from);
    if (moved) history.replaceState({ ...history.state, panel: true }, "", from);
  } else if (moved) {
    history.back();
  } else {
    forget();
  }
}

function show() {
  if (here() !== home.address) history.replaceState({ ...history.state, panel: true }, "");
  const title = panel().querySelector("[data-panel-title]");
  document.title = `${title.textContent.trim()} · Rapporto`;
  for (const button of panel().querySelectorAll("[data-panel-step]")) {
    button.hidden = !source() || !neighbour(Number(button.dataset.panelStep));
  }
  title.focus({ preventScroll: true });
}

function forget() {
  place().replaceChildren();
  mark(null);
  if (home) document.title = home.title;
  left = home ?? left;
  home = null;
}

function shut() {
  const row = source();
  forget();
  // The browser puts the focus on the page after going back, unless it moved meanwhile: a row that has it already takes it anew.
  row?.blur();
  row?.focus({ preventScroll: true });
}

function close({ anyway = false } = {}) {
  if (!home) return;
  const unsaved = !anyway && [...panel().querySelectorAll("form")].some(isUnsaved);
  if (unsaved) return warn();
  // Closing is going back: the entry of the panel goes, and Forward opens it again.
  if (history.state?.panel) history.back();
  else shut();
}

function warn() {
  const template = document.querySelector('template[data-say="unsaved"]');
  if (!panel().querySelector("[data-panel-discard]")) panel().querySelector("header").after(template.content.cloneNode(true));
  panel().querySelector("[data-panel-discard]").focus();
}

function step(by) {
  const next = neighbour(by);
  if (!next) return;
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  open(next.getAttribute("href"), true, next);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const link = target.closest("a[data-panel]");
  if (link && place() && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    open(link.getAttribute("href"), true, link);
  }
  if (target.closest("[data-panel-close]")) close();
  if (target.closest("[data-panel-discard]")) close({ anyway: true });
  const button = target.closest("[data-panel-step]");
  if (button) step(Number(button.dataset.panelStep));
});

document.addEventListener("keydown", (event) => {
  if (!panel() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && !event.isComposing) {
    event.preventDefault();
    // The first Esc leaves the field, the next one the panel.
    if (typing && panel().contains(event.target)) panel().querySelector("[data-panel-title]").focus();
    else close();
  }
});

// Back and Forward between the grid and its panel happen in the window; everywhere else the page is loaded.
document.addEventListener("htmx:before:history:restore", (event) => {
  const { path } = event.detail;
  if (home && path === home.address) {
    event.preventDefault();
    shut();
  } else if (left && history.state?.panel && linkTo(path)) {
    event.preventDefault();
    home = left;
    open(path, false);
  }
});
