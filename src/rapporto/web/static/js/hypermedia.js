// htmx as this product uses it: the token on every change, and answers that must not be swapped in become a notice.

import htmx from "htmx.org";
import { hush, say } from "./notices.js";

// Going back to a page that is no longer in the window loads it whole: scripts and focus start clean.
htmx.config.history = "reload";

const content = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const pathOf = (url) => new URL(url, location.href).pathname;
let signedOut = false;

function isSignIn(response) {
  const door = content("login-url");
  return response.status === 401 || Boolean(door && response.redirected && pathOf(response.url) === pathOf(door));
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
  const response = event.detail.ctx.response.raw;
  if (isSignIn(response)) {
    signedOut = true;
    say("expired");
  } else if (response.status === 403) {
    say("refused");
  } else if (response.status === 404) {
    say("missing");
  } else if (response.status >= 500) {
    say("failed");
  } else {
    return;
  }
  event.preventDefault();
});

// A whole page has no place inside a page: a good one is gone to, a page of an error is said in one sentence.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (wantsWholePage(ctx) || !/^\s*<(!doctype|html)/i.test(ctx.text)) {
    if (ctx.response.status < 400) hush();
    return;
  }
  event.preventDefault();
  if (ctx.response.status >= 400) say("failed");
  else location.assign(ctx.response.raw.url);
});

document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
  // fetch fails with a TypeError when nothing answered; "timeout" is htmx giving up.
  if (ctx && (error instanceof TypeError || error === "timeout" || error?.name === "AbortError")) say("offline");
});

// Signing in again renews the token: the page at hand takes over the new one, and what was typed can be sent.
async function takeUpAgain() {
  if (!signedOut) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || isSignIn(response)) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token) return;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  signedOut = false;
  say("back");
}

addEventListener("focus", () => takeUpAgain().catch(() => {}));
