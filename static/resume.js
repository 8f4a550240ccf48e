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
