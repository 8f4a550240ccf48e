// Deterministic CBOR (RFC 8949 4.2.1), narrowed to what this profile uses. Maps are Map, integers are Number where
// they are safe and BigInt beyond, bytes are Uint8Array.
import { Malformed, joined } from "./bytes.js";

const MAX_DEPTH = 8; // containers with something in them, around a value
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SIMPLE = new Map([[20, false], [21, true], [22, null]]); // prettier-ignore

/**
 * The value of `encoded`, or Malformed unless this is its only encoding: no tags, floats, indefinite lengths, longer
 * forms than needed, duplicate keys, bytes left over; keys are integers or texts. The order of keys is not looked at.
 */
export function decode(encoded) {
  const reader = { encoded, place: 0 };
  const value = item(reader, 0);
  if (reader.place !== encoded.length) throw new Malformed("bytes left over");
  return value;
}

function item(reader, depth) {
  const initial = octet(reader);
  const major = initial >> 5;
  if (major === 7) {
    if (!SIMPLE.has(initial & 31)) throw new Malformed("a float or a simple value of no use here");
    return SIMPLE.get(initial & 31);
  }
  const argument = argumentOf(reader, initial & 31);
  switch (major) {
    case 0:
      return argument;
    case 1:
      return smallest(-1n - BigInt(argument));
    case 2:
      return octets(reader, argument);
    case 3:
      return text(octets(reader, argument));
    case 4:
      return array(reader, argument, depth + 1);
    case 5:
      return map(reader, argument, depth + 1);
    default:
      throw new Malformed("tags have no place here");
  }
}

function octet(reader) {
  if (reader.place >= reader.encoded.length) throw new Malformed("cut short");
  return reader.encoded[reader.place++];
}

function argumentOf(reader, info) {
  if (info < 24) return info;
  if (info > 27) throw new Malformed("an indefinite length, or no length at all");
  let value = 0n;
  const length = 1 << (info - 24);
  for (let count = 0; count < length; count++) value = (value << 8n) | BigInt(octet(reader));
  const least = length === 1 ? 24n : 1n << BigInt(4 * length);
  if (value < least) throw new Malformed("a longer form than needed");
  return smallest(value);
}

function smallest(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function octets(reader, length) {
  if (length > reader.encoded.length - reader.place) throw new Malformed("cut short");
  return reader.encoded.slice(reader.place, (reader.place += length));
}

function text(encoded) {
  try {
    return UTF8.decode(encoded);
  } catch {
    throw new Malformed("not UTF-8");
  }
}

function array(reader, length, depth) {
  const found = [];
  if (length > 0 && depth > MAX_DEPTH) throw new Malformed("nested too deeply");
  for (let count = 0; count < length; count++) found.push(item(reader, depth));
  return found;
}

function map(reader, length, depth) {
  const found = new Map();
  if (length > 0 && depth > MAX_DEPTH) throw new Malformed("nested too deeply");
  for (let count = 0; count < length; count++) {
    const key = item(reader, depth);
    if (!["number", "bigint", "string"].includes(typeof key)) throw new Malformed("a key of no use here");
    if (found.has(key)) throw new Malformed("a key twice");
    found.set(key, item(reader, depth));
  }
  return found;
}

/** The shortest encoding of a value; maps in the order they have. */
export function encode(value) {
  if (value === false || value === true || value === null) return Uint8Array.of(value === null ? 0xf6 : 0xf4 + value);
  if (typeof value === "number" || typeof value === "bigint") {
    return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
  }
  if (typeof value === "string") return withHead(3, new TextEncoder().encode(value));
  if (value instanceof Uint8Array) return withHead(2, value);
  if (Array.isArray(value)) return joined(head(4, value.length), ...value.map(encode));
  return joined(head(5, value.size), ...Array.from(value).flat().map(encode));
}

function withHead(major, content) {
  return joined(head(major, content.length), content);
}

function head(major, argument) {
  if (argument < 24) return Uint8Array.of((major << 5) | Number(argument));
  let power = 0;
  while (BigInt(argument) >> BigInt(8 << power)) power++;
  const length = 1 << power;
  const bytes = Uint8Array.from({ length }, (_, place) =>
    Number((BigInt(argument) >> BigInt(8 * (length - 1 - place))) & 255n),
  );
  return joined(Uint8Array.of((major << 5) | (24 + power)), bytes);
}
