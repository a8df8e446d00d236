// Choosing rows: by their boxes, all of the page, or all that match. What is chosen stays so while the list scrolls, is sorted,
// filtered and edited; the bar at the foot says how many there are and what they add up to, and changes or deletes them together.

import { ask } from "./asking.js";
import { parsed, putToast, word } from "./cells.js";
import { refreshRows } from "./undoing.js";

// So many records stand beside each other when they are merged.
const MERGED = 5;
// The chosen records with the amounts of their columns of money, by the name of the column.
const chosen = new Map();
let all = false;
let list = null;

// The chosen groups by the address that opens them, with the number of their records as soon as it has come.
const groups = new Map();
const groupBoxes = () => [...document.querySelectorAll(".pick-group input")];
const numberOf = (row) => Number(row.querySelector(".count")?.textContent.replace(/\D/g, "")) || 0;

function chooseGroup(input) {
  if (input.checked) groups.set(input.value, numberOf(input.closest("tr")));
  else groups.delete(input.value);
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".pick-group input")) return;
  all = false;
  chooseGroup(target);
  show();
});

const bar = () => document.querySelector("[data-bulk]");
const box = () => bar()?.querySelector("[data-bulk-box]");
const boxes = () => [...document.querySelectorAll(".sheet tbody .pick input[name=id]")];
const language = document.documentElement.lang;
const figure = (number, digits = 0) => number.toLocaleString(language, { minimumFractionDigits: digits, useGrouping: "always" });

// Amounts as the list shows them: 1.234,50 in Italian, 1,234.50 in English.
function amount(text) {
  const plain = language === "it" ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
  return Number(plain) || 0;
}

function amounts(row) {
  const heads = [...row.closest("table").tHead.rows[0].cells];
  const money = heads.filter((head) => head.matches(".num") && head.textContent.includes("€"));
  return Object.fromEntries(money.map((head) => [head.textContent.replace("€", "").trim(), amount(row.cells[head.cellIndex].textContent)]));
}

function choose(input) {
  if (input.checked) chosen.set(input.value, amounts(input.closest("tr")));
  else chosen.delete(input.value);
}

function sums() {
  const found = {};
  for (const row of chosen.values()) for (const [name, sum] of Object.entries(row)) found[name] = (found[name] ?? 0) + sum;
  return Object.entries(found).map(([name, sum]) => ` · ${name}: ${figure(sum, 2)} €`).join("");
}

// The number of all that match, as the foot of the list says it.
const matching = () => document.getElementById("count")?.textContent.split(":").at(-1).trim() ?? "";

function show() {
  const there = boxes();
  const head = document.querySelector(".sheet thead .pick input");
  const ticked = there.filter((input) => input.checked).length;
  if (head) {
    head.checked = ticked > 0 && ticked === there.length;
    head.indeterminate = ticked > 0 && ticked < there.length;
  }
  if (!bar()) return;
  bar().hidden = chosen.size === 0 && groups.size === 0 && !all;
  const say = (name, text) => {
    const place = bar().querySelector(`[data-bulk-${name}]`);
    if (place) place.textContent = text;
  };
  const words = bar().querySelector("[data-bulk-word]");
  if (!words) return;
  const number = [...groups.values()].reduce((sum, one) => sum + one, chosen.size);
  say("count", all ? matching() : figure(number));
  say("word", all ? words.dataset.all : number === 1 ? words.dataset.one : words.dataset.many);
  say("sums", all || groups.size ? "" : sums());
  say("matching", matching());
  const merge = bar().querySelector("[data-bulk-merge]");
  if (merge) merge.hidden = all || groups.size > 0 || chosen.size < 2 || chosen.size > MERGED;
  bar().querySelector("[data-bulk-all]").setAttribute("aria-pressed", String(all));
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".sheet .pick input[type=checkbox]")) return;
  all = false;
  if (target.closest("thead")) for (const input of boxes()) input.checked = target.checked;
  boxes().forEach(choose);
  show();
});

function chooseNone() {
  chosen.clear();
  groups.clear();
  all = false;
  for (const input of groupBoxes()) input.checked = false;
  for (const input of boxes()) input.checked = false;
  box()?.replaceChildren();
  show();
}

// The box in which fields are changed: what stands in it is kept when another field is added.
async function open(more) {
  const form = bar();
  const query = new URLSearchParams([...new FormData(form)].filter(([name]) => !["id", "group", "csrfmiddlewaretoken"].includes(name)));
  if (more) query.append("set", more);
  const { text } = await ask(`${form.getAttribute("action")}?${query}`);
  fill(text);
}

function fill(text) {
  box().innerHTML = text;
  const wanted = box().querySelector("[aria-invalid=true]") ?? [...box().querySelectorAll(".bulk-field :is(input, select, textarea):not([type=hidden])")][0];
  (wanted ?? box().querySelector("select"))?.focus();
}

const complain = (name) => {
  box().querySelector(".bulk-error")?.remove();
  const line = document.createElement("p");
  line.className = "bulk-error error";
  line.setAttribute("role", "alert");
  line.textContent = word(name) || name;
  box().prepend(line);
};

async function send(form, button) {
  const body = new FormData(form, button);
  body.delete("id");
  body.delete("group");
  if (all) body.set("all", "1");
  else {
    body.set("id", [...chosen.keys()].join(","));
    for (const group of groups.keys()) body.append("group", group);
  }
  const deleting = button?.name === "delete";
  form.setAttribute("aria-busy", "true");
  try {
    const { text, status, redirected, url } = await ask(button?.getAttribute("formaction") ?? form.getAttribute("action"), body);
    if (redirected) return location.assign(url);
    const answer = parsed(text);
    if (answer.querySelector(".bulk-box")) return fill(text);
    if (status >= 400) return complain(answer.body.textContent.trim());
    box().replaceChildren();
    putToast(answer, { inPlace: !deleting });
    if (deleting) chooseNone();
    await refreshRows({ removing: true });
    boxes().filter((input) => chosen.has(input.value)).forEach(choose);
    show();
  } catch ({ message }) {
    complain(message);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-bulk]")) return;
  event.preventDefault();
  if (event.submitter?.name === "delete" || box().querySelector("[name=set]")) send(event.target, event.submitter);
});

const attempt = (work) => work.catch(({ message }) => complain(message));

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-bulk-none]")) chooseNone();
  if (target.closest("[data-bulk-shut]")) box().replaceChildren();
  if (target.closest("[data-bulk-drop]")) target.closest(".bulk-field").remove();
  const merge = target.closest("[data-bulk-merge]");
  if (merge) location.assign(`${merge.dataset.bulkMerge}?${[...chosen.keys()].map((id) => `id=${id}`).join("&")}`);
  const button = target.closest("[data-bulk-set]");
  if (button) attempt(open(button.dataset.bulkSet));
  if (!target.closest("[data-bulk-all]")) return;
  all = !all;
  show();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-bulk-more]") && target.value) attempt(open(target.value));
});

// A list written anew has its rows chosen as before; «all that match» meant those of the list before.
function again() {
  const here = document.getElementById("grid")?.dataset.here ?? null;
  if (list !== null && here !== list) {
    all = false;
    groups.clear();
  }
  list = here;
  for (const input of groupBoxes()) {
    input.checked = groups.has(input.value);
    if (input.checked) chooseGroup(input);
  }
  for (const input of boxes()) {
    if (chosen.has(input.value)) input.checked = true;
    else if (input.checked) choose(input);
  }
  show();
}

document.addEventListener("htmx:after:swap", again);
addEventListener("pageshow", again);
