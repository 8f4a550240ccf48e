// What every page needs of scripting; everything works without it.
import { createAll, Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink }
  from "./vendor/govuk/govuk-frontend.min.js";

const COMPONENTS = [Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink];

function start(scope) {
  for (const component of COMPONENTS) createAll(component, undefined, scope);
}

function say(text) {
  const notice = document.getElementById("notice");
  if (!notice) return;
  const line = document.createElement("p");
  line.className = "rs-notice__title";
  line.textContent = text;
  notice.classList.add("rs-notice");
  notice.setAttribute("role", "alert");
  notice.replaceChildren(line);
  notice.scrollIntoView({ block: "center" });
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
start(document);

// A refusal names its own place (HX-Retarget): it is shown although its status is an error.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// What has the focus may be replaced: then the nearest piece around it that is there again takes the focus, so
// that a reader at the keyboard goes on from there and not from the top of the page.
let around = [];
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (!target.contains(document.activeElement)) return;
  around = [];
  for (let piece = document.activeElement; target.contains(piece); piece = piece.parentElement) {
    if (piece.id) around.push(piece.id);
  }
});

function keepFocus() {
  const piece = around.map((id) => document.getElementById(id)).find(Boolean);
  around = [];
  if (!piece || document.activeElement !== document.body) return;  // what came may ask for the focus itself
  if (piece.tabIndex < 0 && !piece.hasAttribute("tabindex")) {
    piece.tabIndex = -1;
    piece.addEventListener("blur", () => piece.removeAttribute("tabindex"), { once: true });
  }
  piece.focus();
}

// htmx fires this for the swapped element's parent; components inside a new fragment begin to work.
document.body.addEventListener("htmx:afterSettle", (event) => {
  start(event.detail.elt);
  keepFocus();
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    const notice = document.getElementById("notice");
    if (notice) say(notice.dataset.offline ?? "");
  });
}

// A session that ran out while a page was open: what htmx sent waits until the reader comes back signed in.
let waiting = null;
let isRenewed = false;  // the answer under way brought the token of a new sign-in
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (elt === waiting) waiting = null;
  if (elt.getAttribute("hx-trigger")?.includes("signed-in") && (xhr.status === 401 || xhr.status === 400 || xhr.status === 0)) {
    waiting = elt;
    if (isRenewed) setTimeout(() => htmx.trigger(elt, "signed-in"));
  }
  isRenewed = false;
});
for (const name of ["focus", "online"]) {
  window.addEventListener(name, () => {
    if (waiting?.isConnected) htmx.trigger(waiting, "signed-in");
  });
}

// The token of a new sign-in, for the page that was opened under the old one.
document.body.addEventListener("csrf", (event) => {
  const { token } = event.detail;
  isRenewed = true;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
});
