// <time datetime data-local="time|date|datetime"> in the reader's own zone, where the server could not know it;
// <time datetime data-countdown> counts down to the moment; <time datetime data-elapsed> counts up from it.
const FORMATS = {
  time: { hour: "2-digit", minute: "2-digit" },
  date: { weekday: "short", day: "numeric", month: "short" },
  datetime: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
};

export function startClocks() {
  localise(document);
  document.addEventListener("htmx:load", (event) => localise(event.target));
  tick();
  setInterval(() => document.hidden || tick(), 1000);
}

function localise(root) {
  const lang = document.documentElement.lang || undefined;
  for (const time of root.querySelectorAll?.("time[data-local]") ?? []) {
    time.textContent = new Intl.DateTimeFormat(lang, FORMATS[time.dataset.local] ?? FORMATS.datetime).format(new Date(time.dateTime));
  }
}

function tick() {
  const skew = Number(document.documentElement.dataset.skew ?? 0);
  const now = Date.now() + skew;
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const left = Math.max(0, Math.round((new Date(time.dateTime) - now) / 1000));
    time.textContent = clock(left);
    if (left === 0 && time.dataset.over === undefined) {
      time.dataset.over = "";
      time.dispatchEvent(new CustomEvent("countdown-over", { bubbles: true }));
      if (time.dataset.countdown === "hide") time.closest(".toast, [data-hide-with]")?.remove();
    }
  }
  for (const time of document.querySelectorAll("time[data-elapsed]")) {
    time.textContent = clock(Math.max(0, Math.round((now - new Date(time.dateTime)) / 1000)));
  }
}

export function clock(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60;
  if (h >= 24) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
