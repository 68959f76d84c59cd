// Small kindnesses for fields: show a password, count characters, name the chosen file, focus the first error.

export function startFields() {
  document.addEventListener("click", toggleSecret);
  document.addEventListener("input", countCharacters);
  document.addEventListener("change", nameFile);
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

function countCharacters(event) {
  const out = event.target.id && document.querySelector(`[data-count-for="${CSS.escape(event.target.id)}"]`);
  if (out) out.textContent = `${event.target.value.length} / ${event.target.maxLength}`;
}

function nameFile(event) {
  if (event.target.type !== "file") return;
  const out = document.querySelector(`[data-file-for="${CSS.escape(event.target.id)}"]`);
  if (out) out.textContent = [...event.target.files].map((file) => file.name).join(", ");
}
