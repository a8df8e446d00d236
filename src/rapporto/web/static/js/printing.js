// A page made for paper asks for the printer by itself once it is drawn; its button asks again.

if (document.body.matches("[data-print]")) {
  document.fonts.ready.then(() => requestAnimationFrame(() => print()));
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print-now]")) print();
});
