// The board on a wall: fills the screen when asked, and keeps it awake where the browser can.
const button = document.querySelector("[data-fullscreen]");

button.hidden = !document.fullscreenEnabled;
button.addEventListener("click", () => document.documentElement.requestFullscreen().catch(() => {}));
document.addEventListener("fullscreenchange", () => {
  button.hidden = Boolean(document.fullscreenElement);
});

async function stayAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
