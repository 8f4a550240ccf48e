// The words and the blank screens of what the device shows by itself: parts of the kept page, in the reader's language.
const RETRY = 2000; // ms
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
}); // made once: making one takes longer than a verdict may
let parts = null;
let words = null;

/** Find the parts in this page, or fetch the page that has them. Resolves when they are there. */
export async function findParts() {
  parts = document;
  while (!parts?.getElementById("gate-words")) {
    parts = await fetchParts(document.getElementById("gate-told").dataset.shell);
    if (!parts?.getElementById("gate-words")) await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
  const lines = parts.getElementById("gate-words").content.querySelectorAll("[data-word]");
  words = new Map([...lines].map((line) => [line.dataset.word, line.textContent]));
}

async function fetchParts(address) {
  try {
    return new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  } catch {
    return null;
  }
}

/** A new copy of one of the blank screens. */
export function blankOf(name) {
  return document.importNode(parts.getElementById(name).content.firstElementChild, true);
}

/** The page's word of this name, with {names} filled in; empty where there is none. */
export function say(name, values = {}) {
  return (words.get(name) ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** A moment (s since 1970) as people here read it. */
export function moment(at) {
  const parts = Object.fromEntries(CLOCK.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
  const { hour, minute } = parts;
  return say("moment", { month: Number(parts.month), day: Number(parts.day), time: `${hour}:${minute}` });
}

/** How long that is: 5 minutes, 26 hours, 4 days. */
export function span(seconds) {
  if (seconds < 60) return say("seconds");
  if (seconds < 3600) return say("minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 3 * 86400) return say("hours", { n: Math.floor(seconds / 3600) });
  return say("days", { n: Math.floor(seconds / 86400) });
}
