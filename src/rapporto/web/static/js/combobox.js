// A field that suggests while one types (the combobox of the ARIA Authoring Practices): arrows choose, Enter takes, Esc closes.
// Without this the field is a plain text that must name one record.

const WAIT = 120;
const clocks = new WeakMap();
const box = (input) => input.closest("[data-combo]");
const list = (input) => box(input).querySelector("[role=listbox]");
const chosenId = (input) => box(input).querySelector("[data-combo-id]");
const options = (input) => [...list(input).querySelectorAll("[data-id]")];
const active = (input) => options(input).find((option) => option.getAttribute("aria-selected") === "true");

function show(input, open) {
  list(input).hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (!open) input.removeAttribute("aria-activedescendant");
}

function point(input, option) {
  active(input)?.setAttribute("aria-selected", "false");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function take(input, option) {
  input.value = option.dataset.title;
  chosenId(input).value = option.dataset.id;
  show(input, false);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function suggest(input) {
  const typed = input.value.trim();
  if (!typed) return show(input, false);
  const url = new URL(box(input).dataset.combo, location.href);
  url.searchParams.set("q", typed);
  url.searchParams.set("list", list(input).id);
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || input.value.trim() !== typed || document.activeElement !== input) return;
  list(input).innerHTML = await response.text();
  show(input, true);
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-combo] [role=combobox]")) return;
  chosenId(target).value = "";
  clearTimeout(clocks.get(target));
  clocks.set(target, setTimeout(() => suggest(target), WAIT));
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-combo] [role=combobox]") || event.isComposing) return;
  const open = !list(input).hidden;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !open) {
    event.preventDefault();
    suggest(input);
  } else if (step) {
    event.preventDefault();
    const all = options(input);
    const at = all.indexOf(active(input));
    point(input, all[(at + step + all.length) % all.length] ?? all[0]);
  } else if (open && event.key === "Enter" && active(input)) {
    event.preventDefault();
    take(input, active(input));
  } else if (open && event.key === "Escape") {
    event.preventDefault();
    show(input, false);
  }
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("[role=listbox] [data-id]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("[data-combo]").querySelector("[role=combobox]"), option);
});

document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("[data-combo] [role=combobox]")) show(target, false);
});
