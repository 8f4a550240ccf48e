// A section's page saves itself by htmx; this sends what the last seconds brought when the page is left.
// Without it nothing else changes: the page saves when one stops typing.
let form = null;
let typed = 0;  // changes so far, those that the request under way carries, and those that were saved
let sent = 0;
let saved = 0;

function note(event) {
  const changed = event.target.closest?.("form");
  if (changed?.querySelector("#autosaver[hx-post]")) {
    form = changed;
    typed += 1;
  }
}

function leave() {
  const saver = document.getElementById("autosaver");
  if (saved === typed || !form?.isConnected || !saver?.hasAttribute("hx-post")) return;
  const fields = new FormData(form);
  fields.set("intent", "autosave");
  if (navigator.sendBeacon(saver.getAttribute("hx-post"), fields)) saved = typed;
}

document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("submit", () => { saved = typed; });
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "autosaver") sent = typed;
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "autosaver" && event.detail.successful) saved = Math.max(saved, sent);
});
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
window.addEventListener("pagehide", leave);
