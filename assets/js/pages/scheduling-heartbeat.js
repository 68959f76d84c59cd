// Runs as a worker: browsers slow timers down in hidden tabs, but not here. Beats every 20 seconds and reports.
let address = "", token = "";

onmessage = (event) => {
  ({ address, token } = event.data);
  beat();
  setInterval(beat, 20_000);
};

async function beat() {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    const body = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    postMessage({ ok: answer.ok, status: answer.status, ...body });
  } catch {
    postMessage({ ok: false, status: 0 });
  }
}
