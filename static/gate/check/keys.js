// Which key may sign what, and the signed list of keys a checker carries; `resume/credential/keys.py`.
import { Malformed, fromBase64, toHex } from "./bytes.js";
import { decode } from "./cbor.js";
import { EXP, IAT, ISS, changesOf, mapOf, octetsOf, must, secondsOf, textOf, wholeOf } from "./claims.js";
import { isEnvelopeSignedBy, openEnvelope } from "./cose.js";
import { importPoint, pointOf } from "./curve.js";
import { spkiOf } from "./der.js";

export const STATUS_PURPOSE = "status";
const KEY_LIST_TYPE = "application/vnd.resume.keylist+cwt";
const KEY_LIST_LIMIT = 256 * 1024; // bytes
const KEYS = -65538;
const STATES = ["active", "retired", "distrusted"];

/** A list that its key did not sign, or that names another issuer or address, or is out of date. */
export class NotGenuine extends Error {}

/** The keys of one issuer, several valid at a time; `entries` of `{kid (hex), state, since, purpose, publicKey}`. */
export class KeySet {
  constructor(issuer, entries) {
    this.issuer = issuer;
    this.entries = new Map(entries.map((entry) => [entry.kid, entry]));
    if (this.entries.size !== entries.length) throw new Malformed("a key is listed twice");
  }

  find(kid) {
    return this.entries.get(kid) ?? null;
  }

  /** May this key speak for `issuer` in this purpose at that moment? OK, KEY_UNKNOWN, KEY_DISTRUSTED, KEY_RETIRED. */
  judge(kid, { issuer, purpose, issuedAt }) {
    const entry = this.find(kid);
    if (!entry || issuer !== this.issuer || purpose !== entry.purpose) return "KEY_UNKNOWN";
    if (entry.state === "distrusted") return "KEY_DISTRUSTED";
    if (entry.state === "retired" && issuedAt > entry.since) return "KEY_RETIRED";
    return entry.state === "active" || entry.state === "retired" ? "OK" : "KEY_UNKNOWN";
  }
}

/**
 * `{keys, issuedAt, changes}` of the bytes of `/keys.cwt`. `anchorSpki` is the key the device was given (bytes, or
 * base64), `at` seconds. Throws Malformed, or NotGenuine when the anchor did not sign it, for another issuer, or past its end.
 */
export async function openKeyList(bytes, anchorSpki, { issuer, at }) {
  const envelope = openEnvelope(bytes, { limit: KEY_LIST_LIMIT, typ: KEY_LIST_TYPE });
  const anchor = await importPoint(pointOf(typeof anchorSpki === "string" ? fromBase64(anchorSpki) : anchorSpki));
  if (!(await isEnvelopeSignedBy(envelope, anchor))) throw new NotGenuine("not signed by the key held here");
  const claims = mapOf(decode(envelope.payload));
  const keys = new KeySet(textOf(claims.get(ISS)), await entriesOf(claims.get(KEYS)));
  const found = { keys, issuedAt: secondsOf(claims.get(IAT)), changes: changesOf(claims) };
  const expiresAt = secondsOf(claims.get(EXP));
  if (keys.issuer !== issuer) throw new NotGenuine("the key list of another issuer");
  if (!(at < expiresAt)) throw new NotGenuine("the key list is out of date");
  return found;
}

/** One key of a set: `since` in seconds, `certificate` in DER. Malformed unless it holds a key on P-256. */
export async function keyEntry({ certificate, state, since, purpose }) {
  const publicKey = await importPoint(pointOf(spkiOf(certificate)));
  return { kid: await kidOf(certificate), state, since, purpose, publicKey };
}

async function kidOf(certificate) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", certificate)).subarray(0, 8));
}

function entriesOf(encoded) {
  must(Array.isArray(encoded), "a list of keys expected");
  return Promise.all(encoded.map((raw) => entryOf(mapOf(raw))));
}

async function entryOf(raw) {
  const state = STATES[wholeOf(raw.get(3))];
  must(state !== undefined, "a state nobody defined");
  const given = { certificate: octetsOf(raw.get(2)), since: secondsOf(raw.get(4)), purpose: textOf(raw.get(5)) };
  const entry = await keyEntry({ ...given, state });
  must(raw.get(1) instanceof Uint8Array && toHex(raw.get(1)) === entry.kid, "a kid that is not its certificate's");
  return entry;
}
