// Says that a file is too large before it is sent; the server says it again.
for (const input of document.querySelectorAll("input[type=file][data-max-mb]")) {
  input.addEventListener("change", () => {
    const limit = Number(input.dataset.maxMb) * 1024 * 1024;
    const file = input.files[0];
    const message = file && file.size > limit ? input.dataset.textTooLarge : "";
    input.setCustomValidity(message);
    input.setAttribute("aria-invalid", message ? "true" : "false");
    if (!file) input.removeAttribute("aria-invalid");
    if (message) input.reportValidity();
  });
}
