// /w: the key stands behind #; it goes into the field and out of the address, and is posted in the body.
const form = document.getElementById("own-entry");

function take() {
  const key = location.hash.slice(1);
  if (!form || !key) return;
  form.elements.namedItem("key").value = decodeURIComponent(key).slice(0, 80);
  history.replaceState(null, "", location.pathname);
  form.elements.namedItem("last_four").focus();
}

window.addEventListener("hashchange", take);
take();
