// Screens of the device's own making: copies of the blank ones with their slots filled.
import { blankOf } from "./words.js";

/** A new #desk from the blank screen `name`. */
export function desk(name, { slots = {}, whens = {}, eaches = {} } = {}) {
  const root = blankOf(name);
  for (const line of root.querySelectorAll("[data-each]")) repeat(line, eaches[line.dataset.each] ?? []);
  for (const part of root.querySelectorAll("[data-when]")) {
    if (!whens[part.dataset.when]) part.remove();
  }
  write(root, slots);
  for (const part of [root, ...root.querySelectorAll("[data-id]")]) part.id = part.dataset.id ?? part.id;
  return root;
}

/** The screen of a verdict. */
export function verdictDesk(view, nonce) {
  const root = desk("gate-verdict", view);
  const section = root.querySelector(".gate-verdict");
  section.classList.add(`gate-verdict--${view.tone}`);
  Object.assign(section.dataset, { verdict: view.tone, scan: nonce, pass: view.pass, own: "" });
  if (!view.canRelease) root.querySelector("a[data-does=next]").classList.replace("gate-button--quiet", "gate-button--confirm");
  return root;
}

/** A #desk as the server wrote it, or null where the answer holds none. */
export function deskOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.getElementById("desk");
}

/** Put a desk in the place of the one that is there. */
export function show(root) {
  document.getElementById("desk").replaceWith(root);
  if (root.querySelector("[hx-get], [hx-post]")) window.htmx?.process(root);
}

/** Fill the texts of a piece. */
export function write(root, slots) {
  for (const [name, text] of Object.entries(slots)) {
    for (const place of root.querySelectorAll(`[data-slot=${name}]`)) place.textContent = text;
  }
}

function repeat(line, rows) {
  for (const { value, ...slots } of rows) {
    const copy = line.cloneNode(true);
    const field = copy.matches("button") ? copy : copy.querySelector("input");
    if (value !== undefined && field) field.value = value;
    if (copy.dataset.slot in slots) copy.textContent = slots[copy.dataset.slot];
    write(copy, slots);
    copy.removeAttribute("data-slot");
    line.before(copy);
  }
  line.remove();
}
