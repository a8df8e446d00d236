// The numbers beside the saved views arrive late. Until then the last one known to this browser stands there, so that no tab moves.

const key = () => `counts.${document.body.dataset.user}`;
const places = () => document.querySelectorAll("#views b[id]");
const nameOf = (place) => `${location.pathname}${place.id}`;

function known() {
  try {
    return JSON.parse(sessionStorage.getItem(key())) ?? {};
  } catch {
    return {};
  }
}

function fill() {
  const numbers = known();
  for (const place of places()) if (!place.textContent) place.textContent = numbers[nameOf(place)] ?? "";
}

function keep() {
  const numbers = known();
  for (const place of places()) numbers[nameOf(place)] = place.textContent;
  try {
    sessionStorage.setItem(key(), JSON.stringify(numbers));
  } catch {
    // A browser that keeps nothing waits for the numbers.
  }
}

document.addEventListener("htmx:after:swap", ({ target }) => (target.matches?.("#views b") ? keep() : fill()));
fill();
