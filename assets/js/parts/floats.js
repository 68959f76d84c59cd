// Dialogs and popovers. Both are the browser's own; this opens dialogs, and places popovers where CSS anchors are missing.

export function startFloats() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
    else if (event.target.matches?.("dialog.modal")) event.target.close();
  });
  if (!CSS.supports("position-area", "block-end")) document.addEventListener("toggle", place, { capture: true });
}

function place(event) {
  const pop = event.target;
  if (event.newState !== "open" || !pop.matches?.(".pop[popover], .menu[popover]")) return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
  if (!opener || matchMedia("(max-width: 45rem)").matches) return;
  const box = opener.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - pop.offsetWidth - 8));
  const below = box.bottom + pop.offsetHeight + 8 < innerHeight;
  pop.style.setProperty("inset", "auto");
  pop.style.setProperty("left", `${left}px`);
  pop.style.setProperty("top", `${below ? box.bottom + 8 : Math.max(8, box.top - pop.offsetHeight - 8)}px`);
}
