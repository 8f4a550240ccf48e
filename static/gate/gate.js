// The guard's page: camera to form, verdict to ear and hand. Without it everything works by typed number.
import { Camera } from "./camera.js";
import { signal, wake } from "./signals.js";

const REPEAT_AFTER = 3000; // ms: the same code again, when the guard comes back to a paper still in view

let last = { text: "", at: 0 };
let busy = false;

const camera = new Camera((text) => {
  const form = document.getElementById("scan");
  if (!form || busy || (text === last.text && performance.now() - last.at < REPEAT_AFTER)) return;
  // One scan, one number: a code that was sent and got no answer goes again under the same one.
  if (text !== last.text) form.elements.namedItem("nonce").value = newNonce();
  last = { text, at: performance.now() };
  form.elements.namedItem("presented").value = text;
  busy = true;
  camera.say("reading");
  window.htmx.trigger(form, "scanned");
});

// crypto.randomUUID is for secure contexts only; a phone on plain http types numbers but gets this far.
function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function arrive() {
  busy = false;
  const verdict = document.querySelector("#desk [data-verdict]");
  if (verdict) {
    camera.rest();
    last.at = performance.now();
    verdict.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    signal(verdict.dataset.verdict);
    return;
  }
  const place = document.getElementById("camera");
  if (place) camera.show(place);
  else camera.rest();
}

function fail() {
  busy = false;
  last = { text: last.text, at: performance.now() };
  camera.say("ready");
}

function tellNetwork() {
  const state = document.getElementById("gate-state");
  if (!state) return;
  state.textContent = navigator.onLine ? state.dataset.online : state.dataset.offline;
  state.classList.toggle("gate-top__state--off", !navigator.onLine);
}

document.body.addEventListener("htmx:afterSettle", arrive);
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, fail);
}
for (const name of ["online", "offline"]) window.addEventListener(name, tellNetwork);
document.addEventListener("pointerdown", wake, { passive: true });
document.addEventListener("visibilitychange", () => (document.hidden ? camera.stop() : arrive()));

tellNetwork();
arrive();
