// P-256: which points are on it, which signatures we take, and WebCrypto to verify them.
import { Malformed, fromHex, isSame, joined, toHex } from "./bytes.js";

export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const SPKI = fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"); // all before the coordinates
const KEY = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };

export function integer(octets) {
  return BigInt(`0x${toHex(octets) || "0"}`);
}

/** True for two coordinates of 32 bytes each that are a point of the curve. */
export function isPoint(x, y) {
  if (x.length !== 32 || y.length !== 32) return false;
  const [a, b] = [integer(x), integer(y)];
  return a < P && b < P && (b * b - a * a * a + 3n * a - B) % P === 0n;
}

/** True for an r in its range and a low s: of the two signatures that verify, the one we take. */
export function isCanonical(signature) {
  if (signature.length !== 64) return false;
  const [r, s] = [integer(signature.subarray(0, 32)), integer(signature.subarray(32))];
  return r > 0n && r < ORDER && s > 0n && s <= ORDER / 2n;
}

/** The same signature with a low s. */
export function withLowS(signature) {
  const s = integer(signature.subarray(32));
  if (s <= ORDER / 2n) return signature;
  return joined(signature.subarray(0, 32), fromHex((ORDER - s).toString(16).padStart(64, "0")));
}

/** x and y of a key in SPKI form, uncompressed; Malformed for any other key. */
export function pointOf(spki) {
  const [x, y] = [spki.slice(SPKI.length, -32), spki.slice(-32)];
  if (!isSame(spki.subarray(0, SPKI.length), SPKI) || !isPoint(x, y)) throw new Malformed("not a key on P-256");
  return { x, y };
}

/** A CryptoKey that verifies. */
export function importPoint({ x, y }) {
  return crypto.subtle.importKey("raw", joined(Uint8Array.of(4), x, y), KEY, false, ["verify"]);
}

/** Whether the key made this canonical signature (r and s) of `data`. */
export function isSignedBy(key, signature, data) {
  return crypto.subtle.verify(ES256, key, signature, data);
}

/** r and a low s. */
export async function sign(privateKey, data) {
  return withLowS(new Uint8Array(await crypto.subtle.sign(ES256, privateKey, data)));
}
