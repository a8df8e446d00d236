// Menus that are written when they are opened: a details element says in data-lazy where its content comes from. What is open, and
// typed in, stays when the list under it is written anew; a menu closes when its press has changed the list.

import htmx from "htmx.org";

// The list is written anew under an open menu: the menu stays open.
htmx.config.morphIgnore = [...(htmx.config.morphIgnore ?? []), "open"];

const content = (menu) => menu.querySelector("[hx-morph-skip]");

export async function fill(menu, address = menu.dataset.lazy) {
  const place = content(menu);
  // what was written before may be of another list by now
  place.replaceChildren();
  menu.setAttribute("aria-busy", "true");
  await htmx.ajax("GET", address, { target: `#${place.id}`, source: place, swap: "innerHTML" });
  menu.removeAttribute("aria-busy");
  if (!menu.open || place.contains(document.activeElement)) return;
  const first = ["input[type=search]", "select, input:not([type=hidden])", "button, a"].map((one) => place.querySelector(one)).find(Boolean);
  first?.focus();
}

// toggle does not bubble
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details[data-lazy]") && target.open && !target.hasAttribute("data-filled")) fill(target);
  target.removeAttribute?.("data-filled");
}, true);

// A filter is edited in place of the one pressed.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit-filter]");
  const menu = document.getElementById("filter-details");
  if (!link || !menu || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopPropagation();
  edit(menu, link.getAttribute("href"));
}, true);

export function edit(menu, address) {
  if (!menu.open) {
    menu.setAttribute("data-filled", "");
    menu.open = true;
  }
  fill(menu, address);
}

// Further fields of the same form stand outside of the menu, where the list keeps them up to date.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const { ctx } = detail;
  const source = ctx?.sourceElement;
  if (ctx?.target?.id !== "grid" && ctx?.target !== "#grid") return;
  const menu = source?.closest?.("details.menu");
  if (menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A long list is narrowed by what is typed above it.
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", ({ target }) => {
  const list = target.dataset?.narrow && document.querySelector(target.dataset.narrow);
  if (!list) return;
  const words = bare(target.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const one of list.querySelectorAll(".choice")) {
    const said = bare(`${one.closest("section")?.getAttribute("aria-label") ?? ""} ${one.textContent}`);
    one.hidden = !words.every((word) => said.includes(word));
    found += one.hidden ? 0 : 1;
  }
  for (const part of list.querySelectorAll("section")) part.hidden = !part.querySelector(".choice:not([hidden])");
  const nothing = list.querySelector(".nothing");
  if (nothing) nothing.hidden = found > 0;
});

// Enter in such a field takes the first that is left, arrows go down into the list.
document.addEventListener("keydown", (event) => {
  const list = event.target.dataset?.narrow && document.querySelector(event.target.dataset.narrow);
  const inside = event.target.closest?.(".offers");
  if (list && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    const first = list.querySelector(".choice:not([hidden])");
    const control = first?.querySelector("input") ?? first;
    if (event.key === "Enter") control?.click();
    else control?.focus();
  } else if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const all = [...inside.querySelectorAll(".choice:not([hidden])")].map((one) => one.querySelector("input") ?? one);
    const at = all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    if (at < 0) document.querySelector(`[data-narrow="#${inside.id}"]`)?.focus();
    else all[at]?.focus();
  }
});

// Of many views above the list the open one is in sight.
const showOpenView = () => document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx?.target?.id === "grid" || ctx?.target === "#grid") showOpenView();
});
addEventListener("pageshow", showOpenView);
