// Bytes in the forms they come in, and the one failure all readers of them have.

/** What was presented has not the shape of this profile. */
export class Malformed extends Error {}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DIGITS = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

/** Base32 as it stands in a QR: upper case, no padding. */
export function toBase32(octets) {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const octet of octets) {
    held = (held << 8) | octet;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** The bytes of a base32 text, or Malformed: other characters, a length no bytes have, bits that belong to none. */
export function fromBase32(text) {
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let place = 0;
  for (const character of text) {
    const digit = DIGITS.get(character);
    if (digit === undefined) throw new Malformed("not base32");
    held = (held << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      octets[place++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  if (bits >= 5 || held !== 0) throw new Malformed("not the one base32 text of these bytes");
  return octets;
}

export function toHex(octets) {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Malformed("not hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function isSame(one, other) {
  return one.length === other.length && one.every((octet, place) => octet === other[place]);
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
