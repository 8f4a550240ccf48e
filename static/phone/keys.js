// This phone's own key on P-256: the private half is made so that nothing, not even this page, can read it.
import { read, write } from "./store.js";

const PENDING = "pending";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

export const canHoldKeys = () => Boolean(window.isSecureContext && window.crypto?.subtle && window.indexedDB);

/** The key for a pass that is being put here: kept until there is one, so that a second try is the same phone's. */
export async function pendingKey() {
  const kept = await read(PENDING);
  if (kept) return kept;
  const made = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", made.publicKey);
  const key = { privateKey: made.privateKey, x: base64(jwk.x), y: base64(jwk.y) };
  await write({ [PENDING]: key });
  return key;
}

/** Keep the pass, and its key with it, instead of the pending one: both or neither. */
export const settle = (pass) => write({ pass, [PENDING]: undefined });

function base64(url) {
  const text = url.replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}
