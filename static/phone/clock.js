// The server's time on a phone whose own clock may be wrong. While there is a network each answer sets it; without
// one the phone's clock goes on from the last difference. A clock that is put back meanwhile is noticed by the
// steady one, which runs by itself (but stands still while some phones sleep, so it is not followed forward).
const BACK = 2000; // milliseconds

let difference = 0;
let isKnown = false;
let seen = { wall: Date.now(), steady: performance.now() };

function watch() {
  const now = { wall: Date.now(), steady: performance.now() };
  const lost = now.steady - seen.steady - (now.wall - seen.wall);
  if (lost > BACK) difference += lost;
  seen = now;
}

/** Milliseconds since 1970 by the server's clock, as far as this phone knows. */
export function now() {
  watch();
  return Date.now() + difference;
}

/** An answer that was asked for at `sentAt` (of this phone) said `seconds`, whose fraction it cuts. */
export function heard(seconds, sentAt) {
  watch();
  difference = seconds * 1000 + 500 + (Date.now() - sentAt) / 2 - Date.now();
  isKnown = true;
  return difference;
}

/** Go on from a difference that was stored, unless an answer has come since. */
export function restore(stored) {
  if (!isKnown && Number.isFinite(stored)) difference = stored;
}
