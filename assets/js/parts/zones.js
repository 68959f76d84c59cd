// <input data-guess-zone> and <select data-guess-zone> start with the browser's own time zone, unless something was chosen.
export function startZones() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of document.querySelectorAll("[data-guess-zone]")) {
    const isOpen = !field.value || field.value === field.dataset.guessZone;
    const isKnown = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === zone);
    if (zone && isOpen && isKnown) field.value = zone;
  }
}
