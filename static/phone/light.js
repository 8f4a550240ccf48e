// A screen that goes dark in the queue is unlocked with gloves on: where the browser can, it stays on.

export function stayAwake(isWanted) {
  if (!navigator.wakeLock) return;
  let lock;
  async function take() {
    if (document.visibilityState !== "visible" || !isWanted() || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      // a battery that is low refuses; the page works without
    }
  }
  document.addEventListener("visibilitychange", take);
  setInterval(take, 5000);
}
