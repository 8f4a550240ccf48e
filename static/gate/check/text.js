// What Python calls white space, since both checkers forgive the same around a text: `str.strip` and `\s` there.
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");

export function stripped(text) {
  return text.replace(AROUND, "");
}
