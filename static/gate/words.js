// The words of the screens the device makes itself: they come with the page, in the reader's language.
let words = null;

/** The page's word of this name, with {names} filled in; empty where there is none. */
export function say(name, values = {}) {
  words ??= new Map(
    [...document.getElementById("gate-words").content.querySelectorAll("[data-word]")].map((line) => [
      line.dataset.word,
      line.textContent,
    ]),
  );
  return (words.get(name) ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** A moment (s since 1970) as people here read it. */
export function moment(at) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(at * 1000).map(({ type, value }) => [type, value]),
  );
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
