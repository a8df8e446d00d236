// Says a sentence that the page carries in a template, at the top of what is being worked on.

export function say(name) {
  const template = document.querySelector(`template[data-say="${name}"]`);
  const place = document.getElementById("notices");
  if (!template || !place) return;
  hush();
  const notice = template.content.cloneNode(true);
  const link = notice.querySelector("a");
  // Whoever signs in again in another tab lands on the same page.
  if (link) link.search = new URLSearchParams({ next: location.pathname + location.search });
  place.append(notice);
}

export function hush() {
  document.getElementById("notices")?.replaceChildren();
}

document.addEventListener("click", (event) => {
  event.target.closest("#notices [data-dismiss]")?.closest(".notice").remove();
});
