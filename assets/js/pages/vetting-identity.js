// Says that a picture is too large before it is sent; the server says it again.
const form = document.querySelector("form[data-upload-limit]");
const note = form?.querySelector("[data-upload-note]");

form?.addEventListener("change", (event) => {
  if (event.target.type === "file") tell(tooLarge());
});
form?.addEventListener("submit", (event) => {
  const file = tooLarge();
  if (!file) return;
  event.preventDefault();
  event.stopPropagation();
  tell(file);
}, { capture: true });

function tooLarge() {
  const limit = Number(form.dataset.uploadLimit);
  return [...form.querySelectorAll("[type=file]")].flatMap((input) => [...input.files]).find((file) => file.size > limit);
}

function tell(file) {
  note.hidden = !file;
  note.textContent = file ? `${file.name} ${form.dataset.uploadWords}` : "";
}
