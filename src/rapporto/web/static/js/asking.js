// Asks the server without htmx: with the token, and with one name for everything that may go wrong on the way.

import { isSignIn, renewToken, signedOut } from "./hypermedia.js";

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const isPage = (text) => /^\s*<(!doctype|html)/i.test(text);

function send(url, body, whole) {
  const headers = { ...(whole ? {} : { "HX-Request": "true" }), ...(body ? { "X-CSRFToken": token() } : {}) };
  return fetch(url, { method: body ? "POST" : "GET", headers, body }).catch(() => null);
}

// Gives the answer, a `whole` page or a part of one; throws "away" when nothing answered, "out" when the person is signed out (the page says so), "failed" else.
export async function ask(url, body, { whole = false } = {}) {
  let response = await send(url, body, whole);
  let text = await response?.clone().text();
  if (response?.status === 403 && isPage(text) && (await renewToken())) {
    // The token was an old one: somebody signed in anew in another tab.
    response = await send(url, body, whole);
    text = await response?.text();
  }
  if (!response) throw new Error("away");
  if (isSignIn(response) || (response.status === 403 && isPage(text))) {
    signedOut();
    throw new Error("out");
  }
  if (response.status >= 500) throw new Error("failed");
  return { status: response.status, redirected: response.redirected, url: response.url, text };
}
