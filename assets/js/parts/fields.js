// Small kindnesses for fields: show a password, lead to the first error.

export function startFields() {
  document.addEventListener("click", toggleSecret);
  document.querySelector("[data-error-summary]")?.focus();
}

function toggleSecret(event) {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
}
