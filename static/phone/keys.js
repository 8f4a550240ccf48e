// This phone's own key on P-256: the private half is made so that nothing, not even this page, can read it.
import { newPhoneKey } from "../gate/check/phone.js";
import { read, write } from "./store.js";

const PENDING = "pending";

export const canHoldKeys = () => Boolean(window.isSecureContext && window.crypto?.subtle && window.indexedDB);

/** The key for a pass that is being put here: kept until there is one, so that a second try is the same phone's. */
export async function pendingKey() {
  const kept = await read(PENDING);
  if (kept) return kept;
  const { privateKey, x, y } = await newPhoneKey();
  await write({ [PENDING]: { privateKey, x, y } });
  return { privateKey, x, y };
}

/** Keep the pass, and its key with it, instead of the pending one: both or neither. */
export const settle = (pass) => write({ pass, [PENDING]: undefined });
