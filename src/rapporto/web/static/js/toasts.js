// Toasts go after eight seconds, but never under the pointer or the focus; one that tells of an error stays until it is closed.

const STAY = 8000;
const region = document.getElementById("toasts");
const clocks = new WeakMap();

function wait(toast) {
  clearTimeout(clocks.get(toast));
  if ("error" in toast.dataset) return;
  clocks.set(toast, setTimeout(() => leave(toast), STAY));
}

function leave(toast) {
  if (toast.matches(":hover, :focus-within")) return wait(toast);
  toast.remove();
}

function arrive(toast) {
  // An undo comes back to the page where it was asked for.
  for (const field of toast.querySelectorAll("[data-here]")) field.value = location.pathname + location.search;
  wait(toast);
}

if (region) {
  region.querySelectorAll(".toast").forEach(arrive);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.matches?.(".toast")) arrive(node);
    }
  }).observe(region, { childList: true });
  region.addEventListener("click", ({ target }) => target.closest("[data-dismiss]")?.closest(".toast").remove());
  for (const name of ["pointerover", "focusin"]) {
    region.addEventListener(name, ({ target }) => {
      const toast = target.closest(".toast");
      if (toast) wait(toast);
    });
  }
}
