// On every page: theme switch, menus, small form helpers, formulas. Nothing here is needed for the site to work.

const root = document.documentElement;
root.classList.add("has-script");

// --- Theme: the server reads the cookie, so that no page flashes in the wrong colours. ---
function currentTheme() {
  return root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  });
}

// --- Rows of links that are wider than a phone: the one that is open is in sight. ---
for (const link of document.querySelectorAll("nav > a[aria-current]")) {
  const row = link.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}

// --- Menus close when one clicks elsewhere or presses Escape. ---
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.account-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.account-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// --- Forms ---
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-select-all]")) event.target.select();
});
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.copied ?? button.textContent;
});

// --- Formulas: KaTeX is loaded only where there are any. ---
async function typesetFormulas(scope) {
  if (!scope.querySelector?.(".math:not(.math--done)")) return;
  const { typeset } = await import("./math.js");
  await typeset(scope);
}
typesetFormulas(document);
document.addEventListener("htmx:afterSwap", (event) => typesetFormulas(event.detail.target ?? document));
