// Tells the server that somebody is reading: every fifteen seconds, while the page is visible and was used lately.
// The server decides what counts; pings that could not be sent go along with the next one.
const EVERY = 15_000;
const IDLE_AFTER = 90_000;
const KEEP = 8;

const place = document.querySelector("[data-activity]");
let usedAt = Date.now();
let pending = [];

function used() {
  usedAt = Date.now();
}

function headers() {
  const own = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  return { "Content-Type": "application/json", ...own };
}

async function send() {
  const now = Date.now();
  const ago = pending.map((at) => Math.round((now - at) / 1000)).filter((seconds) => seconds <= 120);
  if (!ago.length) return;
  const sent = pending;
  pending = [];
  try {
    const answer = await fetch(place.dataset.activity, {
      method: "POST", headers: headers(), body: JSON.stringify({ ago }), keepalive: true,
    });
    if (!answer.ok && answer.status >= 500) pending = sent;
  } catch {
    pending = sent.slice(-KEEP);
  }
}

function tick() {
  if (document.hidden || Date.now() - usedAt > IDLE_AFTER) return;
  pending.push(Date.now());
  send();
}

if (place) {
  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, used, { passive: true, capture: true });
  }
  setInterval(tick, EVERY);
}
