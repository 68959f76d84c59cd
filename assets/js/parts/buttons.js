// Copy buttons and segmented controls.

export function startButtons() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.textContent;
    try {
      await navigator.clipboard.writeText(source.trim());
      flash(button);
    } catch {
      // the browser said no: mark the text, so that one keystroke copies it
      const shown = document.getElementById(button.dataset.copyFrom) ?? button.previousElementSibling;
      if (shown) getSelection().selectAllChildren(shown);
    }
  });
}

function flash(button) {
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  label.textContent = button.dataset.copied || before;
  button.classList.add("is-done");
  setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-done");
  }, 1600);
}
