// htmx as this product uses it: the token on every change, and answers that must not be swapped in become a notice.

import htmx from "htmx.org";
import { hush, say } from "./notices.js";

// Going back to a page that is no longer in the window loads it whole: scripts and focus start clean.
htmx.config.history = "reload";

const content = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const pathOf = (url) => new URL(url, location.href).pathname;
let isOut = false;

export function isSignIn(response) {
  const door = content("login-url");
  return response.status === 401 || Boolean(door && response.redirected && pathOf(response.url) === pathOf(door));
}

// Says so; what was typed stays, and can be sent once the person is back.
export function signedOut() {
  isOut = true;
  say("expired");
}

function wantsWholePage(context) {
  return Boolean(context.select) || context.target === document.body;
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = content("csrf-token");
});

document.addEventListener("htmx:before:request", ({ target }) => {
  target.closest?.(".main")?.classList.add("waiting");
});

document.addEventListener("htmx:finally:request", () => {
  document.querySelector(".main.waiting")?.classList.remove("waiting");
});

document.addEventListener("htmx:before:response", (event) => {
  if (!isSignIn(event.detail.ctx.response.raw)) return;
  event.preventDefault();
  signedOut();
});

// What to say of an answer that may not be swapped in; an error that names its own place (hx-partial) speaks for itself.
function complaint({ status }, text) {
  if (status < 400 || /^\s*<hx-partial/i.test(text)) return null;
  if (status >= 500) return "failed";
  return { 403: "refused", 404: "missing" }[status] ?? (isPage(text) ? "failed" : null);
}

const isPage = (text) => /^\s*<(!doctype|html)/i.test(text);

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const sentence = complaint(ctx.response, ctx.text);
  if (sentence) {
    event.preventDefault();
    say(sentence);
  } else if (isPage(ctx.text) && !wantsWholePage(ctx)) {
    // A whole page has no place inside a page: it is gone to.
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  } else if (ctx.response.status < 400) {
    hush();
  }
});

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  // fetch fails with a TypeError when nothing answered; "timeout" is htmx giving up.
  if (ctx && (error instanceof TypeError || error === "timeout" || error?.name === "AbortError")) say("offline");
});

// Signing in again renews the token: the page at hand takes over the new one. False when nobody is signed in.
export async function renewToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || isSignIn(response)) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token) return false;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  return true;
}

// Back from signing in: what was typed can be sent.
async function takeUpAgain() {
  if (!isOut || !(await renewToken())) return;
  isOut = false;
  say("back");
  document.dispatchEvent(new Event("rapporto:back"));
}

addEventListener("focus", () => takeUpAgain().catch(() => {}));
