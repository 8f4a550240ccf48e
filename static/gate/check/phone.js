// The pass on a phone: its key, and the proof of each half minute; `resume/credential/phone.py`.
import { Malformed, fromBase32, fromHex, joined, toBase32, toHex } from "./bytes.js";
import { encode } from "./cbor.js";
import { importPoint, isCanonical, isSignedBy, sign } from "./curve.js";

export const STEP = 30; // seconds
const TOLERANCE = 1; // steps, either way
const CONTEXT = "resume-phone-1";

/** The step a moment (seconds since 1970) falls into. */
export function stepOf(at) {
  return Math.floor(at / STEP);
}

/** `{step, signature}` from the base32 beside a token, or Malformed. */
export function parseProof(text) {
  const octets = fromBase32(text);
  if (octets.length !== 4 + 64 || !isCanonical(octets.subarray(4))) throw new Malformed("not the proof of a phone");
  return { step: new DataView(octets.buffer).getUint32(0), signature: octets.slice(4) };
}

/** Whether the phone with this key (x and y in hex) signed this pass for the step of the proof. */
export async function isProofMadeBy(proof, { x, y }, ctiHex) {
  const key = await importPoint({ x: fromHex(x), y: fromHex(y) });
  return isSignedBy(key, proof.signature, signed(ctiHex, proof.step));
}

/** Whether the proof is of this moment: its step, or one beside it. */
export function isProofOf(proof, at) {
  return Math.abs(proof.step - stepOf(at)) <= TOLERANCE;
}

/**
 * The base32 of the proof at `at` (seconds, domain time), to be put after the token's base32 and a full stop.
 * `privateKey` is a CryptoKey for ECDSA on P-256 that may sign.
 */
export async function proofText(privateKey, ctiHex, at) {
  const step = new Uint8Array(4);
  new DataView(step.buffer).setUint32(0, stepOf(at));
  return toBase32(joined(step, await sign(privateKey, signed(ctiHex, stepOf(at)))));
}

/** A new key that cannot leave this browser: `{privateKey, publicKey, x, y}`, the coordinates in hex. */
export async function newPhoneKey() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { ...pair, x: toHex(point.subarray(1, 33)), y: toHex(point.subarray(33)) };
}

function signed(ctiHex, step) {
  return encode([CONTEXT, fromHex(ctiHex), step]);
}
