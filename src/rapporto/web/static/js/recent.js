// The records opened lately, newest first: only their addresses, kept by this browser for this person. What they are called, and
// whether they may still be seen, the server says each time; signing out forgets them.

const MOST = 12;
const CARD = /^\/([a-z_]+)\/(\d+)\/$/;
const key = () => `recent.${document.body.dataset.user}`;

export function recent() {
  try {
    return JSON.parse(localStorage.getItem(key())) ?? [];
  } catch {
    return [];
  }
}

function note() {
  const [, record, id] = location.pathname.match(CARD) ?? [];
  if (!id || !document.body.dataset.user) return;
  const address = `${record}/${id}`;
  try {
    localStorage.setItem(key(), JSON.stringify([address, ...recent().filter((one) => one !== address)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing shows nothing recent.
  }
}

document.addEventListener("submit", ({ target }) => {
  if (target.matches('form[action$="/logout/"]')) localStorage.removeItem(key());
});
// The panel has the address of a card too.
document.addEventListener("htmx:after:swap", note);
note();
