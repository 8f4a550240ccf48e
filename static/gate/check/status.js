// Status lists: IETF Token Status List in its CWT form, two bits a pass; `resume/credential/status.py`.
import { decode } from "./cbor.js";
import { EXP, IAT, SUB, changesOf, mapOf, octetsOf, must, secondsOf, textOf, wholeOf } from "./claims.js";
import { isEnvelopeSignedBy, openEnvelope } from "./cose.js";
import { inflate } from "./inflate.js";
import { NotGenuine, STATUS_PURPOSE } from "./keys.js";

const STATUS_LIST_TYPE = "application/statuslist+cwt";
const STATUS_LIST_LIMIT = 64 * 1024; // bytes
const [STATUS_LIST, TTL] = [65533, 65534];
const BITS = 2;
const PER_BYTE = 8 / BITS;
const SHARD_SIZE = 2 ** 17; // passes
const MEANINGS = ["active", "revoked", "suspended", null]; // `used` and `replaced` read as revoked: all are final

/**
 * The verified list at `uri`: `{uri, issuedAt, changes, expiresAt, ttl, statusAt(idx)}`, times in seconds. `statusAt`
 * says "active", "suspended", "revoked", or null outside the list and for a value nobody defined.
 *
 * Throws Malformed, or NotGenuine when no trusted status key signed it, for another address, for a date after `at` and
 * at or past its end.
 */
export async function openStatusList(bytes, keys, { uri, at }) {
  const envelope = openEnvelope(bytes, { limit: STATUS_LIST_LIMIT, typ: STATUS_LIST_TYPE });
  const found = listOf(mapOf(decode(envelope.payload)));
  const asked = { issuer: keys.issuer, purpose: STATUS_PURPOSE, issuedAt: found.issuedAt };
  const isTrusted = keys.judge(envelope.kid, asked) === "OK";
  if (!isTrusted || !(await isEnvelopeSignedBy(envelope, keys.find(envelope.kid).publicKey))) {
    throw new NotGenuine("no trusted key signed this status list");
  }
  if (found.uri !== uri) throw new NotGenuine("the status list of another address");
  if (!(found.issuedAt <= at && at < found.expiresAt)) throw new NotGenuine("out of date, or of a time to come");
  return found;
}

function listOf(claims) {
  const listed = mapOf(claims.get(STATUS_LIST));
  must(wholeOf(listed.get("bits")) === BITS, "not a list of two bits a pass");
  const packed = unpacked(octetsOf(listed.get("lst")));
  return {
    uri: textOf(claims.get(SUB)),
    issuedAt: secondsOf(claims.get(IAT)),
    changes: changesOf(claims),
    expiresAt: secondsOf(claims.get(EXP)),
    ttl: secondsOf(claims.get(TTL)),
    statusAt: (idx) => statusAt(packed, idx),
  };
}

/** The uncompressed list, of at most `limit` bytes. */
export function unpacked(lst, limit = SHARD_SIZE / PER_BYTE) {
  return inflate(lst, limit);
}

/** What two bits mean, first the least significant; null outside. */
export function statusAt(packed, idx) {
  if (!Number.isInteger(idx) || idx < 0 || idx >= packed.length * PER_BYTE) return null;
  return MEANINGS[(packed[Math.floor(idx / PER_BYTE)] >> ((idx % PER_BYTE) * BITS)) & 3];
}
