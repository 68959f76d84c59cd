// One question: saves as it is answered, keeps the last unsent answer while the connection is away, hands the page over when
// time is up or another device takes the test. Without this file the form's own buttons do all of it.

const root = document.getElementById("attempt");
const form = document.getElementById("answer");
const saved = document.getElementById("saved");

alignClock();
document.addEventListener("countdown-over", () => setTimeout(() => location.assign(root?.dataset.page ?? "../"), 11_000));

if (root && form && !form.querySelector("[disabled]")) startSaving();

// The server's clock counts, whatever this device thinks the time is.
function alignClock() {
  const time = document.querySelector("time[data-server-now]");
  if (time) document.documentElement.dataset.skew = String(new Date(time.dataset.serverNow) - Date.now());
}

function startSaving() {
  let seq = Number(form.dataset.seq), unsent = false, timer = 0, isSending = false;

  form.addEventListener("input", () => {
    unsent = true;
    clearTimeout(timer);
    timer = setTimeout(send, form.querySelector("textarea") ? 800 : 150);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    unsent = false;
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());

  async function send() {
    if (!unsent || isSending) return;
    isSending = true;
    unsent = false;
    form.elements.client_seq.value = seq;
    const body = new URLSearchParams(new FormData(form));
    seq += 1;
    form.elements.client_seq.value = seq;
    let wait = 0;
    try {
      const answer = await fetch(root.dataset.save, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      const told = await answer.json();
      if (answer.ok) saved.textContent = told.text;
      else if (answer.status >= 500) wait = 4000;
      else if (["attempt_closed", "seat_taken"].includes(told.code)) return location.assign(root.dataset.page);
      else saved.textContent = told.title;
    } catch {
      wait = 4000;
    } finally {
      isSending = false;
    }
    if (wait) {
      unsent = true;
      saved.textContent = saved.dataset.offline ?? "…";
    }
    if (unsent) timer = setTimeout(send, wait || 50);
  }
}
