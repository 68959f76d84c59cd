// <form data-theme-form> posts to the server without JavaScript; with it, the page changes at once and a cookie remembers.
const YEAR = 60 * 60 * 24 * 365;

export function startTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    const theme = event.submitter?.value ?? "";
    event.preventDefault();
    event.stopImmediatePropagation();
    remember(theme);
    for (const button of document.querySelectorAll("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }, { capture: true });
}

function remember(theme) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${secure}`;
}
