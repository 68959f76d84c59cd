// The desk: a heartbeat from a worker, and figures that run between two beats.
const desk = document.querySelector("[data-desk]");
const clockOut = desk.querySelector("[data-clock]"), moneyOut = desk.querySelector("[data-money]");
let seconds = Number(desk.dataset.seconds), counting = desk.dataset.counting !== undefined, since = performance.now();

const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
const worker = new Worker(new URL(desk.dataset.worker, location.href));
worker.postMessage({ address: new URL(desk.dataset.beat, location.href).href, token: headers["X-CSRFToken"] ?? "" });
worker.onmessage = ({ data }) => {
  if (data.ok) {
    if (data.paid_seconds !== undefined) {
      seconds = data.paid_seconds;
      counting = data.is_counting;
      since = performance.now();
      moneyOut.textContent = data.money;
    }
    desk.querySelector("[data-alarm]")?.remove();
    if (data.has_offer !== undefined && data.has_offer !== (desk.dataset.offer !== undefined)) location.reload();
  } else if (data.status === 409 || data.status === 404 || data.status === 403) location.reload();
  else alarm();
};

setInterval(() => {
  const now = Math.round(seconds + (counting ? (performance.now() - since) / 1000 : 0));
  const two = (n) => String(n).padStart(2, "0");
  clockOut.textContent = `${Math.floor(now / 3600)}:${two(Math.floor(now / 60) % 60)}:${two(now % 60)}`;
}, 1000);

function alarm() {
  if (desk.querySelector("[data-alarm]")) return;
  const note = document.createElement("div");
  note.className = "note note-short";
  note.dataset.alarm = "";
  note.setAttribute("role", "alert");
  note.textContent = desk.dataset.gone;
  desk.prepend(note);
}
