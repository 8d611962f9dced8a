/* The review by keyboard: 1-9 choose, Enter checks, Enter goes on. Everything works without this file. */

const form = document.querySelector("[data-review]");

function choose(place) {
  const input = form.querySelectorAll("input[type=radio], input[type=checkbox]")[place];
  if (!input) return false;
  input.focus();
  input.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isTyping = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  // `code`, not `key`: it is the same on every keyboard layout.
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (!isTyping && digit && choose(Number(digit) - 1)) event.preventDefault();
});

// A second click while the first is on its way would only be told that it came second.
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload(); // "back" must not show a card that is answered
});

document.querySelector("[data-next]")?.focus({ preventScroll: true });
form?.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
