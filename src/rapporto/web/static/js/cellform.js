// The form in a cell: its control takes what was typed before it came, says what is in it, and is walked through by keys.

import { word } from "./cells.js";

export const wanted = (form) => form.querySelector("input:not([type=hidden]), select, textarea");
export const sent = (form) => new URLSearchParams(new FormData(form)).toString();

export function hold(form, typed) {
  const control = wanted(form);
  control?.focus({ preventScroll: true });
  if (typed === null) control?.select?.();
  else if (control?.setSelectionRange) control.setSelectionRange(control.value.length, control.value.length);
}

// What was typed before the control came, put into it; false when it has no such choice.
export function fill(form, text) {
  const control = wanted(form);
  const word = text.trim().toLowerCase();
  if (!control) return false;
  if (control.type === "checkbox" && form.querySelector(".cell-box")) return tick(form, word);
  if (control.type === "checkbox") {
    control.checked = text === " " ? !control.checked : /^(1|x|s|y|t|v)/.test(word);
  } else if (control.options) {
    const all = [...control.options];
    const says = (test) => all.find((one) => test(one.text.trim().toLowerCase()));
    const found = word ? says((label) => label === word) ?? says((label) => label.startsWith(word)) : all[0];
    if (found) control.value = found.value;
    return Boolean(found);
  } else {
    control.value = text;
    if (control.matches("[role=combobox]")) control.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return true;
}

function tick(form, text) {
  const names = text.split(",").map((name) => name.trim()).filter(Boolean);
  const boxes = [...form.querySelectorAll(".cell-box input")];
  const named = (box) => names.includes(box.labels[0].textContent.trim().toLowerCase());
  if (boxes.filter(named).length !== names.length) return false;
  for (const box of boxes) box.checked = named(box);
  return true;
}

// What the cell says while it is being saved.
export function saying(form) {
  const control = wanted(form);
  if (form.querySelector(".cell-box")) return [...form.querySelectorAll(":checked")].map((box) => box.labels[0].textContent).join(", ");
  if (control.type === "checkbox") return control.checked ? word("yes") : "";
  return control.options ? control.selectedOptions[0]?.text ?? "" : control.value;
}

export function walk(box, by) {
  if (!by) return false;
  const all = [...box.closest(".cell-box").querySelectorAll("input")];
  all[(all.indexOf(box) + by + all.length) % all.length].focus();
  return true;
}
