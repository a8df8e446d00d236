// Help while one types: how a text is read, what it fills in, what may be there already. The server says it; here it is put
// beside the fields. Nothing typed is ever replaced unasked; a slow or silent server changes nothing.

const WAIT = 250;
const PATIENCE = 5000;
const forms = new WeakMap();

// What is known of a form: fields filled in for the person, what an offer replaced, the last question.
function of(form) {
  if (!forms.has(form)) forms.set(form, { filled: new Set(), touched: new Set(), replaced: new Map(), clock: 0, question: null, said: "" });
  return forms.get(form);
}

const formOf = (element) => element.closest?.("form[data-hints]");
const control = (form, name) => [form.elements[name]].flat().find((one) => one?.matches?.("input:not([type=hidden]), textarea, select"));
const place = (form, name) => form.querySelector(`[data-help-place="${CSS.escape(name)}"]`);
const pickOf = (element) => element.closest?.(".field")?.querySelector(".help.pick");

function texts(form) {
  const sent = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.length < 2000) sent.append(name, value);
  return sent;
}

async function ask(form, at) {
  const known = of(form);
  known.question?.abort();
  const question = (known.question = new AbortController());
  const sent = texts(form);
  sent.set("hints.at", at);
  sent.set("hints.filled", [...known.filled].join());
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]')?.content ?? "" };
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(PATIENCE)]);
  const response = await fetch(form.dataset.hints, { method: "POST", body: sent, headers, signal }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const html = await response.text().catch(() => null);
  // What was typed meanwhile is asked about anew.
  if (html === null || known.question !== question || !form.isConnected) return;
  show(form, sent, html);
}

function later(form, at, wait = WAIT) {
  const known = of(form);
  clearTimeout(known.clock);
  known.clock = setTimeout(() => ask(form, at), wait);
}

function show(form, sent, html) {
  const answer = document.createElement("template");
  answer.innerHTML = html;
  const hints = [...answer.content.querySelectorAll("[data-hint]")];
  for (const spot of form.querySelectorAll("[data-help-place]")) {
    const mine = hints.filter((hint) => hint.dataset.hint === spot.dataset.helpPlace);
    renew(form, spot, mine);
  }
  for (const hint of hints) fill(form, sent, hint);
  const twins = answer.content.querySelector("[data-twins]");
  if (twins) showTwins(form, twins);
  tell(form, [...hints.map((hint) => (hint.matches(".pick") ? hint.textContent : hint.querySelector("span")?.textContent)), twins?.querySelector("h2")?.textContent]);
}

function renew(form, spot, hints) {
  const back = wayBack(form, spot.dataset.helpPlace);
  const wanted = back ? [...hints.filter((hint) => !hint.querySelector("[data-take]")), back] : hints;
  // A list somebody walks in with the arrows stays as it is.
  if (spot.contains(document.activeElement) && wanted.length) return;
  if (spot.innerHTML === wanted.map((hint) => hint.outerHTML).join("")) return;
  spot.replaceChildren(...wanted.map((hint) => hint.cloneNode(true)));
  for (const pick of spot.querySelectorAll(".pick")) [...pick.querySelectorAll("button")].forEach((button, at) => (button.tabIndex = at ? -1 : 0));
  describe(control(form, spot.dataset.helpPlace), spot);
}

function describe(input, spot) {
  if (!input) return;
  const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== spot.id);
  if (spot.childElementCount) ids.push(spot.id);
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

// Blank fields are filled by themselves, until somebody writes into them.
function fill(form, sent, hint) {
  const known = of(form);
  for (const [name, text] of Object.entries(JSON.parse(hint.dataset.fills ?? "{}"))) {
    const input = control(form, name);
    const free = input && input !== document.activeElement && !known.touched.has(name) && (!input.value || known.filled.has(name));
    if (!free || input.value !== (sent.get(name) ?? "")) continue;
    input.value = text;
    known.filled.add(name);
  }
  const input = control(form, hint.dataset.hint);
  const { neat } = hint.dataset;
  if (neat && input && input !== document.activeElement && input.value === sent.get(hint.dataset.hint)) input.value = neat;
}

function take(form, button) {
  const known = of(form);
  const input = control(form, button.closest("[data-help-place]").dataset.helpPlace);
  for (const [name, text] of Object.entries(JSON.parse(button.dataset.take))) {
    const field = control(form, name);
    if (!field || field.value === text) continue;
    if (field.value && !known.filled.has(name)) known.replaced.set(name, { was: field.value, now: text });
    else known.replaced.delete(name);
    known.filled.delete(name);
    field.value = text;
  }
  button.closest(".help").remove();
  input?.focus();
  later(form, "", 0);
}

// What an offer replaced comes back with one press, as long as nobody wrote anything else.
function wayBack(form, name) {
  const known = of(form);
  const replaced = known.replaced.get(name);
  if (!replaced || control(form, name)?.value !== replaced.now) {
    known.replaced.delete(name);
    return null;
  }
  const hint = document.createElement("div");
  const button = document.createElement("button");
  hint.className = "help";
  button.className = "take";
  button.type = "button";
  button.dataset.back = name;
  button.textContent = form.dataset.hintsBack.replace("{text}", replaced.was);
  hint.append(button);
  return hint;
}

function giveBack(form, button) {
  const known = of(form);
  const name = button.dataset.back;
  const field = control(form, name);
  field.value = known.replaced.get(name).was;
  known.replaced.delete(name);
  button.closest(".help").remove();
  field.focus();
}

function showTwins(form, twins) {
  const spot = form.querySelector("[data-twins-place]");
  if (!spot || spot.innerHTML === twins.outerHTML) return;
  spot.replaceChildren(twins.cloneNode(true));
  const shown = form.elements["hints.shown"];
  const ids = [...twins.querySelectorAll("[data-apart]")].map((button) => button.dataset.apart);
  if (shown) shown.value = [...new Set([...shown.value.split(","), ...ids])].filter(Boolean).join();
}

function apart(form, button) {
  const field = form.elements["hints.apart"];
  field.value = [...field.value.split(","), button.dataset.apart].filter(Boolean).join();
  const line = button.closest("li");
  const next = (line.nextElementSibling ?? line.previousElementSibling)?.querySelector("a, button");
  line.remove();
  (next ?? control(form, "name"))?.focus();
  later(form, "", 0);
}

// For the ear: only what is new, once.
function tell(form, sentences) {
  const region = form.querySelector("[data-hints-said]");
  const said = sentences.filter(Boolean).join(" ");
  if (!region || said === of(form).said) return;
  of(form).said = said;
  region.textContent = said;
}

document.addEventListener("input", ({ target }) => {
  const form = formOf(target);
  if (!form || !target.name || target.type === "hidden") return;
  of(form).filled.delete(target.name);
  of(form).touched.add(target.name);
  later(form, target.name);
});

document.addEventListener("change", ({ target }) => {
  const form = formOf(target);
  if (form && target.name) later(form, "", 0);
});

document.addEventListener("click", ({ target }) => {
  const form = formOf(target);
  const button = target.closest?.("button");
  if (!form || !button) return;
  if (button.matches("[data-take]")) take(form, button);
  else if (button.matches("[data-back]")) giveBack(form, button);
  else if (button.matches("[data-apart]")) apart(form, button);
});

// A short choice: arrow down goes into it, arrows walk, Esc leaves it.
document.addEventListener("keydown", (event) => {
  const pick = formOf(event.target) && pickOf(event.target);
  if (!pick || event.isComposing) return;
  const buttons = [...pick.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") {
    event.preventDefault();
    const input = pick.closest(".field").querySelector("input, textarea, select");
    input?.focus();
    pick.remove();
  } else if ((at < 0 && event.key === "ArrowDown") || (at >= 0 && step)) {
    event.preventDefault();
    buttons[(at + (step ?? 0) + buttons.length) % buttons.length].focus();
  }
});
