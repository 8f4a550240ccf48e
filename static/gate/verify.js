// /v: what stands behind # is posted in the body; it is never part of an address that reaches a server.
const form = document.getElementById("presented");

function present() {
  const token = location.hash.slice(1);
  if (!form || !token) return;
  form.elements.namedItem("token").value = token;
  window.htmx.trigger(form, "presented");
}

// Module scripts run after deferred ones in order: htmx is there.
window.addEventListener("hashchange", present);
present();
