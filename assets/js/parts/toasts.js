// The live region. Good news leaves by itself unless somebody is reading it; anything with a button stays.
const READING_TIME = 8000;

export function startToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  region.querySelectorAll(".toast").forEach(schedule);
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach((node) => node.classList?.contains("toast") && schedule(node));
  }).observe(region, { childList: true });
  document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast")?.remove());
  // the server says: HX-Trigger: {"toast": {"text": "Saved."}}
  document.body.addEventListener("toast", (event) => show(region, event.detail.text ?? event.detail.value));
  document.body.addEventListener("htmx:responseError", (event) => refused(region, event.detail.xhr));
  document.body.addEventListener("htmx:sendError", () => failed(region, 0));
}

function show(region, text) {
  const toast = document.getElementById("toast-blank").content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-text]").textContent = text;
  region.append(toast);
}

// A refusal comes with its own words; only a fault has none.
function refused(region, xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
  const words = page.querySelector("[role=alert]")?.textContent.trim().replace(/\s+/g, " ");
  if (words) show(region, words);
  else failed(region, xhr.status);
}

function failed(region, status) {
  const words = region.dataset;
  show(region, status === 0 ? words.offline : status === 429 ? words.slow : words.failed);
}

function schedule(toast) {
  if (toast.querySelector("form, a, [data-countdown]") || toast.dataset.stay !== undefined) return;
  let timer = setTimeout(() => toast.remove(), READING_TIME);
  const wait = () => clearTimeout(timer);
  const go = () => { wait(); timer = setTimeout(() => toast.remove(), READING_TIME / 2); };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("focusout", go);
}
