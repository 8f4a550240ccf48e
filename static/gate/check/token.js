// The token, and its text in the QR; `resume/credential/token.py`.
import { Malformed, fromBase32 } from "./bytes.js";
import { decodeClaims } from "./claims.js";
import { openEnvelope } from "./cose.js";
import { parseProof } from "./phone.js";
import { SPACE, stripped } from "./text.js";

const TOKEN_LIMIT = 1024; // bytes of COSE that we read
const TEXT_LIMIT = 4096; // characters
const TEXT = new RegExp(`^(?:https?://[^${SPACE}#]+/v#)?(?<base32>[A-Z2-7]+)(?:\\.(?<proof>[A-Z2-7]+))?$`, "u");

/**
 * `{envelope, claims, proof}` of a QR's text, of its base32 alone, or of raw COSE (Uint8Array); else Malformed.
 * White space around a text is forgiven, nothing else is. Nothing is verified yet.
 */
export function parse(presented) {
  const { message, proof } = typeof presented === "string" ? partsOf(presented) : { message: presented, proof: null };
  const envelope = openEnvelope(message, { limit: TOKEN_LIMIT });
  const claims = decodeClaims(envelope.payload);
  if (proof && !claims.phone_key) throw new Malformed("the proof of a phone beside a pass on paper");
  return { envelope, claims, proof };
}

function partsOf(text) {
  const match = isShort(text) ? TEXT.exec(stripped(text)) : null;
  if (!match) throw new Malformed("not the text of a pass");
  const { base32, proof } = match.groups;
  return { message: fromBase32(base32), proof: proof === undefined ? null : parseProof(proof) };
}

function isShort(text) {
  if (text.length <= TEXT_LIMIT) return true;
  return text.length <= 2 * TEXT_LIMIT && Array.from(text).length <= TEXT_LIMIT;
}
