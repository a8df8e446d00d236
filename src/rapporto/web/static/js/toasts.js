// Toasts go after eight seconds, but never under the pointer or the focus; one that tells of an error stays until it is closed.
// They keep off the controls: they stand above the bars at the foot of the page, on the lowest place where nothing lies that can be pressed.

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
  stand();
}

const BARS = ".rail, .status, .panel > footer, .actions.stay";
const CONTROLS = ".main :is(a, button, input, select, textarea, summary)";
const STEP = 16;
const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height);

// How high the bars stand, one on top of the other from the foot of the window, as far as they lie under the toasts.
function bars({ left, right }) {
  let top = innerHeight;
  const below = boxes(BARS).filter((bar) => bar.left < right && left < bar.right);
  for (const bar of below.sort((one, other) => other.bottom - one.bottom)) if (bar.bottom >= top - 1) top = Math.min(top, bar.top);
  return innerHeight - top;
}

let lift = 0;

function rise() {
  if (region.childElementCount) region.style.setProperty("--foot", `${bars(region.getBoundingClientRect()) + lift}px`);
}

function stand() {
  lift = 0;
  rise();
  const room = region.getBoundingClientRect();
  const width = Math.max(...[...region.children].map((toast) => toast.offsetWidth));
  const ends = { middle: (room.left + room.right + width) / 2, start: room.left + width, end: room.right };
  const controls = boxes(CONTROLS);
  const places = [];
  for (let higher = 0; higher < innerHeight / 3; higher += STEP) {
    for (const [side, right] of Object.entries(ends)) {
      const covers = (box) => box.left < right && right - width < box.right && box.top < room.bottom - higher && room.top - higher < box.bottom;
      places.push({ side, higher, covered: controls.filter(covers).length });
    }
  }
  const { side, higher } = places.reduce((best, one) => (one.covered < best.covered ? one : best));
  region.dataset.side = side;
  lift = higher;
  rise();
}

if (region) {
  region.querySelectorAll(".toast").forEach(arrive);
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.matches?.(".toast")) arrive(node);
    }
  }).observe(region, { childList: true });
  region.addEventListener("click", ({ target }) => target.closest("[data-dismiss]")?.closest(".toast").remove());
  addEventListener("resize", rise);
  document.addEventListener("scroll", rise, { capture: true, passive: true });
  document.addEventListener("htmx:after:swap", rise);
  // A bar that opens under them, such as that of chosen rows, lifts them.
  new MutationObserver(rise).observe(document.getElementById("content"), { attributeFilter: ["hidden"], subtree: true });
  for (const name of ["pointerover", "focusin"]) {
    region.addEventListener(name, ({ target }) => {
      const toast = target.closest(".toast");
      if (toast) wait(toast);
    });
  }
}
