// <div hx-get="..." hx-trigger="poll" data-poll="10">: asks every so many seconds, rests in a hidden tab,
// asks at once when the tab comes back, and backs off while the server does not answer.
const due = new WeakMap();

export function startPolls() {
  setInterval(ask, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || ask(true));
  document.addEventListener("htmx:afterRequest", (event) => {
    const element = event.target;
    if (element.dataset?.poll) plan(element, event.detail.failed ? 4 : 1);
  });
}

function plan(element, patience = 1) {
  due.set(element, Date.now() + Number(element.dataset.poll) * 1000 * patience);
}

function ask(now = false) {
  if (document.hidden || !window.htmx) return;
  for (const element of document.querySelectorAll("[data-poll]")) {
    if (!due.has(element)) plan(element);
    if (now === true || due.get(element) <= Date.now()) {
      plan(element);
      window.htmx.trigger(element, "poll");
    }
  }
}
