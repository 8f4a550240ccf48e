// A hand scanner is a keyboard that types faster than anybody: many characters at once, then Enter, wherever the
// focus is. Its Enter must press no button, and what it typed must not stay in a field.
const FAST = 100; // ms between two characters of a scanner, a wireless one too
const LEAST = 10; // characters; a number has 13

/** Calls `found(text)` for each code a hand scanner types. */
export function listen(found) {
  let text = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const isFast = event.timeStamp - last < FAST;
      last = event.timeStamp;
      if (event.key === "Enter") {
        const whole = isFast ? text : "";
        text = "";
        if (whole.length < LEAST) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        if (document.activeElement?.matches("input[type=text]")) document.activeElement.value = "";
        found(whole);
      } else if (event.key.length === 1) {
        text = isFast ? text + event.key : event.key;
        // A space of a scanner presses no button either.
        if (event.key === " " && isFast && text.length > 2 && !isTyping()) event.preventDefault();
      }
    },
    { capture: true },
  );
}

function isTyping() {
  return document.activeElement?.matches("input, textarea") ?? false;
}
