// A section's page saves itself by htmx; this sends what the last seconds brought when the page is left.
// Without it nothing else changes: the page saves when one stops typing.
let form = null;
let isChanged = false;

function note(event) {
  const changed = event.target.closest?.("form");
  if (changed?.querySelector("#autosaver[hx-post]")) {
    form = changed;
    isChanged = true;
  }
}

document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("submit", () => { isChanged = false; });

// What is typed while a request is under way is not in it: the next one begins later and says so itself.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "autosaver") isChanged = false;
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "autosaver" && !event.detail.successful) isChanged = true;
});

document.addEventListener("visibilitychange", () => {
  const saver = document.getElementById("autosaver");
  if (document.visibilityState !== "hidden" || !isChanged || !form?.isConnected || !saver?.hasAttribute("hx-post")) return;
  const sent = new FormData(form);
  sent.set("intent", "autosave");
  if (navigator.sendBeacon(saver.getAttribute("hx-post"), sent)) isChanged = false;
});
