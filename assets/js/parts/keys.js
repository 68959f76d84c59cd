// data-key="n" on a link or button makes it a shortcut: never while typing, never with a modifier held.
// data-key-submit on a form sends it with Ctrl or Cmd + Enter from inside.

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest?.("form[data-key-submit]")?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.matches("input, textarea, select") ? target.focus() : target.click();
  });
}

function isTyping(element) {
  return element.matches?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
}
