// COSE_Sign1 with ES256 in one strict shape, for tokens, key lists and status lists; `resume/credential/cose.py`.
import { Malformed, isSame, toHex } from "./bytes.js";
import { decode, encode } from "./cbor.js";
import { isCanonical, isSignedBy } from "./curve.js";

const ALG = 1;
const KID = 4;
const TYP = 16;
const ES256 = -7;
const KID_LENGTH = 8;

/**
 * `{kid (hex), protected, payload, signature}` of a message of at most `limit` bytes, or Malformed. The algorithm is
 * pinned here, before any key is looked up, and a high s is refused here.
 */
export function openEnvelope(message, { limit, typ = null }) {
  if (message.length > limit) throw new Malformed(`longer than ${limit} bytes`);
  const parts = decode(message);
  if (!Array.isArray(parts) || parts.length !== 4) throw new Malformed("not four parts");
  const [header, unprotected, payload, signature] = parts;
  if (!(unprotected instanceof Map) || unprotected.size) throw new Malformed("an unprotected header");
  if (![header, payload, signature].every((part) => part instanceof Uint8Array)) throw new Malformed("not bytes");
  const kid = kidOf(header, typ);
  if (!isCanonical(signature)) throw new Malformed("the signature is not r and a low s, 32 bytes each");
  return { kid, protected: header, payload, signature };
}

function kidOf(header, typ) {
  const found = decode(header);
  const kid = found instanceof Map ? found.get(KID) : null;
  if (!(kid instanceof Uint8Array) || kid.length !== KID_LENGTH) throw new Malformed("no kid of 8 bytes");
  const only = new Map([[ALG, ES256], [KID, kid]]); // prettier-ignore
  if (typ !== null) only.set(TYP, typ);
  if (!isSame(encode(only), header)) throw new Malformed("not exactly the header of this profile");
  return toHex(kid);
}

/** Whether the key made the signature of this envelope. */
export function isEnvelopeSignedBy(envelope, key) {
  const signed = encode(["Signature1", envelope.protected, new Uint8Array(), envelope.payload]);
  return isSignedBy(key, envelope.signature, signed);
}
