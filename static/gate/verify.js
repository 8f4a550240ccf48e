// /v: what stands behind # is posted in the body; it is never part of an address that reaches a server.
const form = document.getElementById("presented");

function present() {
  const token = location.hash.slice(1);
  if (!form || !token) return;
  form.elements.namedItem("token").value = token;
  window.htmx.trigger(form, "presented");
}

window.addEventListener("hashchange", present);
// htmx takes the form up on the same event; it was registered before this script ran.
document.addEventListener("DOMContentLoaded", present);
