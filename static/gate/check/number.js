// Pass numbers: twelve digits and ISO/IEC 7064 MOD 37,36; `resume/credential/number.py`.
import { SPACE } from "./text.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FORMATTED = /^[0-9]{12}[0-9A-Z]$/;
const SEPARATORS = new RegExp(`[${SPACE}\\-\\u2010-\\u2015\\u00b7.]+`, "gu");

/** Not a pass number. `rule` is "form" or "check": the check character does not fit, a digit is mistyped. */
export class BadNumber extends Error {
  constructor(rule, message) {
    super(message);
    this.rule = rule;
  }
}

export function checkCharacter(digits) {
  let product = 36;
  for (const digit of digits) product = (((product + ALPHABET.indexOf(digit)) % 36 || 36) * 2) % 37;
  return ALPHABET[(37 - product) % 36];
}

/** True for the stored form only. */
export function isPassNumber(text) {
  return FORMATTED.test(text) && checkCharacter(text.slice(0, 12)) === text[12];
}

/** The stored form of a number as people type it: spaces, hyphens, lower case, full width. Throws BadNumber. */
export function parseNumber(typed) {
  const text = typed.normalize("NFKC").replace(SEPARATORS, "").toUpperCase();
  if (!FORMATTED.test(text)) throw new BadNumber("form", "twelve digits and one check character");
  if (!isPassNumber(text)) throw new BadNumber("check", "the check character does not fit the digits");
  return text;
}
