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

// htmx fires this for the swapped element's parent; components inside a new fragment begin to work.
document.body.addEventListener("htmx:afterSettle", (event) => start(event.detail.elt));

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => {
    const notice = document.getElementById("notice");
    if (notice) say(notice.dataset.offline ?? "");
  });
}

// A session that ran out while a page was open: what htmx sent waits until the reader comes back signed in.
let waiting = null;
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (elt === waiting) waiting = null;
  if (elt.getAttribute("hx-trigger")?.includes("signed-in") && (xhr.status === 401 || xhr.status === 400 || xhr.status === 0)) {
    waiting = elt;
  }
});
for (const name of ["focus", "online"]) {
  window.addEventListener(name, () => {
    if (waiting?.isConnected) htmx.trigger(waiting, "signed-in");
  });
}

// The token of a new sign-in, for the page that was opened under the old one.
document.body.addEventListener("csrf", (event) => {
  const { token } = event.detail;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
});
