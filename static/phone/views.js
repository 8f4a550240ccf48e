// What the person and the guard see. Words stand in the page, in its language; here it is chosen which are shown.

const SIGNS = ["◆", "●", "▲", "■", "★", "✚"];
const language = document.documentElement.lang;
const dated = new Intl.DateTimeFormat(language, {
  timeZone: "Asia/Shanghai", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const timed = new Intl.DateTimeFormat(language, {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const days = new Intl.DateTimeFormat(language, { timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric" });
const OLD = 60; // seconds after which it is said when the server was last heard

const one = (id) => document.getElementById(id);

/** Sets a text only where it differs: a reader of screens is not told the same again and again. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** One view of the page: waiting, unable, entry, live or gone. */
export function show(name) {
  for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== name;
}

/** A notice of the entry view, with a text where it has none of its own. */
export function say(name, isShown, text) {
  const notice = document.querySelector(`[data-say="${name}"]`);
  notice.hidden = !isShown;
  if (text !== undefined) put(notice, text);
}

/** What the pass says; it does not change while it is on this phone. */
export function fill(facts) {
  const number = facts.number.replace(/(.{4})(?=.)/g, "$1 ");
  const said = { ...facts, number, way: `${facts.origin} → ${facts.destination}` };
  for (const place of document.querySelectorAll("[data-fact]")) put(place, said[place.dataset.fact]);
  for (const place of document.querySelectorAll("[data-moment]")) {
    put(place, dated.format(facts[place.dataset.moment] * 1000));
  }
}

/** The words of a state, and how fresh they are. */
export function showState({ word, state, facts, at, heardAt, isSilent }) {
  const known = document.querySelector(`[data-word="${word}"]`) ? word : "unknown";
  for (const words of document.querySelectorAll("[data-word]")) words.hidden = words.dataset.word !== known;
  for (const words of document.querySelectorAll("[data-now-on]")) words.hidden = words.dataset.nowOn !== (state.now_on || "");
  for (const place of document.querySelectorAll("[data-state-moment]")) {
    const seconds = state[place.dataset.stateMoment];
    put(place, seconds ? dated.format(seconds * 1000) : "");
  }
  one("phone-past").hidden = at <= facts.good_until;
  const isOld = isSilent || at - heardAt > OLD;
  one("phone-fresh").hidden = isOld;
  one("phone-old").hidden = !isOld;
  put(one("phone-heard"), `${dated.format(heardAt * 1000)}`);
}

/** The clock, the ring that runs out, the sign of this half minute: a picture has them wrong. */
export function tick(at, step) {
  put(one("phone-day"), days.format(at * 1000));
  put(one("phone-time"), timed.format(at * 1000));
  const number = Math.floor(at / step);
  put(one("phone-sign"), SIGNS[number % SIGNS.length]);
  one("phone-band").dataset.turn = String(number % SIGNS.length);
  const left = step - (at % step);
  put(one("phone-left"), String(Math.ceil(left)));
  one("phone-ring").setAttribute("stroke-dashoffset", String(100 - (100 * left) / step));
}
