// A row of tabs that is wider than a phone opens at the tab one is on.
export function startTabs() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const own = tab.getBoundingClientRect(), bar = tab.parentElement.getBoundingClientRect();
    tab.parentElement.scrollLeft += own.left - bar.left - (bar.width - own.width) / 2;
  }
}
