// What was typed and not yet sent: leaving the page asks first, and the panel does not close over it.

export function isUnsaved(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || !field.name) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return field.value !== firstValue(field);
    return field.value !== field.defaultValue;
  });
}

// Where the page chose nothing, a list shows its first line.
function firstValue(list) {
  const chosen = [...list.options].find((choice) => choice.defaultSelected);
  return (chosen ?? (list.multiple ? undefined : list.options[0]))?.value ?? "";
}

let leaving = false;

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[hx-post], [hx-put], [hx-patch]")) leaving = true;
});

addEventListener("beforeunload", (event) => {
  if (!leaving && [...document.querySelectorAll("form[data-guard]")].some(isUnsaved)) event.preventDefault();
});
