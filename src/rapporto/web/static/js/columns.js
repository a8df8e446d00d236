// Columns of a list: each head has a menu in words; with the mouse a head is dragged to its new place or onto the bar to group by it,
// and its edge pulled to make it wider. Widths are kept by the browser until a view is saved.

import htmx from "htmx.org";
import { keep } from "./cookies.js";
import { edit } from "./lazy.js";

const NARROWEST = 48;
const WIDEST = 900;
const grid = () => document.getElementById("grid");
const menu = () => document.getElementById("column-menu");
const heads = () => [...(grid()?.querySelectorAll("thead th[data-f]") ?? [])];
const headOf = (name) => heads().find((head) => head.dataset.f === name);
const withMore = (address, more) => address + (address.includes("?") ? "&" : "?") + new URLSearchParams(more);

// The menu of one column

let opener = null;

async function openMenu(button) {
  const name = button.closest("th").dataset.f;
  const place = menu();
  if (opener === button && place.matches(":popover-open")) return place.hidePopover();
  opener = button;
  place.replaceChildren();
  await htmx.ajax("GET", withMore(grid().dataset.here, { column: name }), { target: "#column-menu", swap: "innerHTML", source: place });
  if (opener !== button || !place.firstElementChild) return;
  place.showPopover();
  const at = button.getBoundingClientRect();
  place.style.insetInlineStart = `${Math.max(8, Math.min(at.left, innerWidth - place.offsetWidth - 8))}px`;
  place.style.insetBlockStart = `${Math.min(at.bottom + 4, innerHeight - place.offsetHeight - 8)}px`;
  button.setAttribute("aria-expanded", "true");
  place.querySelector("a, button")?.focus();
}

document.addEventListener("toggle", ({ target, newState }) => {
  if (target.id !== "column-menu" || newState !== "closed") return;
  opener?.setAttribute("aria-expanded", "false");
  if (target.contains(document.activeElement) || document.activeElement === document.body) opener?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#column-menu")) return;
  const all = [...menu().querySelectorAll("a, button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
});

document.addEventListener("click", (event) => {
  const { target } = event;
  const button = target.closest("[data-head-menu]");
  if (button) return openMenu(button);
  const inMenu = target.closest("#column-menu a, #column-menu button");
  if (!inMenu) return;
  const name = inMenu.dataset.column;
  if (inMenu.dataset.width) return setWidth(name, inMenu.dataset.width === "auto" ? null : widthOf(name) + Number(inMenu.dataset.width));
  menu().hidePopover();
  if (inMenu.dataset.columnAct) send({ [inMenu.dataset.columnAct]: name });
  if (inMenu.dataset.filterBy) {
    edit(document.getElementById("filter-details"), withMore(grid().dataset.here, { filter: inMenu.dataset.filterBy }));
  }
});

// Their order

function send(more, names = heads().map((head) => head.dataset.f)) {
  const values = new FormData();
  for (const field of document.querySelectorAll("[form=choose-columns]")) values.append(field.name, field.value);
  values.set("order", names.join(","));
  for (const [key, value] of Object.entries(more)) values.set(key, value);
  return htmx.ajax("POST", `/${grid().dataset.record}/columns/`, { target: "#grid", swap: "outerMorph", source: grid(), values: asValues(values) });
}

function asValues(form) {
  const values = {};
  for (const key of new Set(form.keys())) {
    const all = form.getAll(key);
    values[key] = all.length > 1 ? all : all[0];
  }
  return values;
}

let dragged = null;

document.addEventListener("dragstart", (event) => {
  const head = event.target.closest?.("thead th[data-f]");
  if (!head || pulled) return;
  dragged = head.dataset.f;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", head.textContent.trim());
  document.body.classList.add("dragging-column");
});

document.addEventListener("dragend", () => {
  dragged = null;
  document.body.classList.remove("dragging-column");
  unmark();
});

const unmark = () => document.querySelectorAll("[data-drop]").forEach((one) => one.removeAttribute("data-drop"));

function placeOf(event) {
  const head = event.target.closest?.("thead th[data-f], .filters td");
  const bar = event.target.closest?.("[data-drop-groups]");
  if (bar) return { bar };
  if (!head?.dataset?.f) return null;
  const box = head.getBoundingClientRect();
  return { head, after: event.clientX > box.left + box.width / 2 };
}

document.addEventListener("dragover", (event) => {
  const place = dragged && placeOf(event);
  if (!place) return;
  event.preventDefault();
  unmark();
  (place.bar ?? place.head).setAttribute("data-drop", place.bar ? "group" : place.after ? "after" : "before");
});

document.addEventListener("drop", (event) => {
  const place = dragged && placeOf(event);
  if (!place) return;
  event.preventDefault();
  if (place.bar) return groupBy(dragged);
  const names = heads().map((head) => head.dataset.f).filter((name) => name !== dragged);
  if (place.head.dataset.f === dragged) return;
  names.splice(names.indexOf(place.head.dataset.f) + (place.after ? 1 : 0), 0, dragged);
  send({}, names);
});

const saidLevels = () => [...document.querySelectorAll("[form=add-filter][name=group]")].flatMap((field) => field.value.split(","));

function groupBy(name) {
  group([...saidLevels().filter((level) => level.replace(/^-|:.*$/g, "") !== name), name]);
}

function group(levels) {
  if (levels.join(",") === saidLevels().join(",")) return;
  const said = new URLSearchParams([...document.querySelectorAll("[form=add-filter]")].map((field) => [field.name, field.value]));
  said.set("group", levels.join(","));
  htmx.ajax("GET", `/${grid().dataset.record}/?${said}`, { target: "#grid", swap: "outerMorph", source: grid() });
}

// Lines of the chooser and levels of groups are dragged too
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-order] > li");
  const moving = document.querySelector("[data-order] > li.moving");
  if (!over || !moving || over === moving) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  over.parentElement.insertBefore(moving, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
});
document.addEventListener("dragstart", ({ target }) => target.closest?.("[data-order] > li")?.classList.add("moving"));
document.addEventListener("dragend", () => {
  const moved = document.querySelector("li.moving");
  moved?.classList.remove("moving");
  const levels = [...(moved?.parentElement.querySelectorAll("[data-level-text]") ?? [])].map((one) => one.dataset.levelText);
  if (levels.length) group(levels);
});

// Their widths

const colOf = (head) => grid().querySelectorAll("colgroup col")[[...head.parentElement.children].indexOf(head)];
const widthOf = (name) => Math.round(headOf(name).getBoundingClientRect().width);

function apply(head, width) {
  const before = head.getBoundingClientRect().width;
  const table = head.closest("table");
  colOf(head).setAttribute("width", width);
  table.setAttribute("width", Math.max(0, Number(table.getAttribute("width")) + Math.round(width - before)));
}

function kept() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${grid().dataset.widths}=`));
  const text = decodeURIComponent(cookie?.split("=")[1] ?? "");
  return new Map(text.split("~").filter(Boolean).map((one) => one.split("!")));
}

function remember(name, width) {
  const widths = kept();
  widths.delete(name);
  if (width) widths.set(name, String(width));
  keep(grid().dataset.widths, [...widths].map(([key, value]) => `${key}!${value}`).join("~"));
}

function setWidth(name, width) {
  const bounded = width === null ? null : Math.min(Math.max(Math.round(width), NARROWEST), WIDEST);
  remember(name, bounded);
  if (bounded) return apply(headOf(name), bounded);
  menu().hidePopover();
  return htmx.ajax("GET", grid().dataset.here, { target: "#grid", swap: "outerMorph", source: grid() });
}

let pulled = null;

document.addEventListener("pointerdown", (event) => {
  const edge = event.target.closest?.("[data-resize]");
  if (!edge) return;
  event.preventDefault();
  const head = edge.closest("th");
  pulled = { head, from: event.clientX, width: head.getBoundingClientRect().width };
  edge.setPointerCapture(event.pointerId);
  head.draggable = false;
});

document.addEventListener("pointermove", (event) => {
  if (!pulled) return;
  apply(pulled.head, Math.min(Math.max(Math.round(pulled.width + event.clientX - pulled.from), NARROWEST), WIDEST));
});

document.addEventListener("pointerup", () => {
  if (!pulled) return;
  const { head } = pulled;
  head.draggable = true;
  remember(head.dataset.f, Math.round(head.getBoundingClientRect().width));
  pulled = null;
});
