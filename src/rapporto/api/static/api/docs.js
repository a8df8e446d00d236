// Reads one address of the programs with a token, and shows the answer; the token leaves neither the page nor its memory.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-try]");
  if (!form) return;
  event.preventDefault();
  const output = form.querySelector("output");
  const address = new URL(form.elements.address.value, location.href);
  if (address.origin !== location.origin) return;
  const headers = { Authorization: `Bearer ${form.elements.token.value.trim()}` };
  const answer = await fetch(address, { headers, credentials: "omit" }).catch((wrong) => wrong);
  if (answer instanceof Error) {
    output.textContent = answer.message;
    return;
  }
  const text = await answer.text();
  try {
    output.textContent = `${answer.status}\n${JSON.stringify(JSON.parse(text), null, 2)}`;
  } catch {
    output.textContent = `${answer.status}\n${text}`;
  }
});
