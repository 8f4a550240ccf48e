// Claims <-> deterministic CBOR; the numbers are those of `resume/credential/claims.py`.
import { Malformed, isSame, toHex } from "./bytes.js";
import { decode, encode } from "./cbor.js";
import { isPoint } from "./curve.js";
import { isPassNumber } from "./number.js";

export const [ISS, SUB, EXP, NBF, IAT, CTI, CNF] = [1, 2, 4, 5, 6, 7, 8];
const CHANGES = -65539;
const STATUS = 65535;
const PASS = -65537;
const SCHEMA_VERSION = 1;
const SPECIMEN = 1;
const PHONE = 2;
const DAY = 86_400_000; // ms
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896]; // of the years 1 to 9999
const PROFILES = ["RTW", "ROTATE", "RIDER", "AIR_OPS", "AIR_PICKUP", "LEAVE", "TRUCK", "MOVER", "MEDICAL"];
const DOCUMENT_TYPES = [
  "resident_id",
  "hk_macao_permit",
  "taiwan_permit",
  "hmt_residence",
  "foreign_residence",
  "passport",
];

/** The claims, or Malformed unless they are complete, well typed and in their one encoding. */
export function decodeClaims(encoded) {
  const claims = claimsOf(mapOf(decode(encoded)));
  if (!isSame(encode(rawOf(claims)), encoded)) throw new Malformed("not the deterministic encoding of these claims");
  return claims.shown;
}

function claimsOf(raw) {
  const status = mapOf(mapOf(raw.get(STATUS)).get("status_list"));
  const pass = mapOf(raw.get(PASS));
  const [cti, key] = [octetsOf(raw.get(CTI)), keyOf(raw)];
  const shown = {
    iss: textOf(raw.get(ISS)),
    cti: toHex(cti),
    iat: secondsOf(raw.get(IAT)),
    nbf: secondsOf(raw.get(NBF)),
    exp: secondsOf(raw.get(EXP)),
    status_idx: secondsOf(status.get("idx")), // 32 bits as well
    status_uri: textOf(status.get("uri")),
    phone_key: key && { x: toHex(key.x), y: toHex(key.y) },
    payload: payloadOf(pass),
  };
  must(cti.length === 16, "cti has 16 bytes");
  must(shown.iss && shown.status_uri, "iss and the status URI may not be empty");
  must(shown.iat <= shown.nbf && shown.nbf < shown.exp, "iat <= nbf < exp does not hold");
  must((key !== null) === (shown.payload.medium === "phone"), "a phone's pass names its key, a paper none");
  return { shown, cti, key, day: pass.get(14) };
}

function keyOf(raw) {
  if (!raw.has(CNF)) return null;
  const key = mapOf(mapOf(raw.get(CNF)).get(1));
  const [x, y] = [octetsOf(key.get(-2)), octetsOf(key.get(-3))];
  must(isPoint(x, y), "not a point on P-256");
  return { x, y };
}

function payloadOf(raw) {
  const flags = Number(BigInt(wholeOf(raw.has(15) ? raw.get(15) : 0)) & 3n); // others do not come back below
  const payload = {
    schema_version: wholeOf(raw.get(1)),
    profile: nameOf(PROFILES, raw.get(2)),
    number: textOf(raw.get(3)),
    name: textOf(raw.get(4)),
    document_type: nameOf(DOCUMENT_TYPES, raw.get(5)),
    last_four: textOf(raw.get(6)),
    firm: textOf(raw.get(7)),
    origin_id: secondsOf(raw.get(8)),
    origin_name: textOf(raw.get(9)),
    destination_id: secondsOf(raw.get(10)),
    destination_name: textOf(raw.get(11)),
    pcr_sampled_at: secondsOf(raw.get(12)),
    good_until: secondsOf(raw.get(13)),
    building_clear_from: raw.has(14) ? dayOf(raw.get(14)) : null,
    specimen: (flags & SPECIMEN) !== 0,
    medium: flags & PHONE ? "phone" : "paper",
  };
  must(payload.schema_version === SCHEMA_VERSION, "a schema version not known here");
  must(isPassNumber(payload.number), "no pass number");
  must(/^[0-9A-Za-z]{1,4}$/.test(payload.last_four), "last_four is one to four ASCII letters and digits");
  return payload;
}

/** What `claims` must have been encoded from: names in NFC, flags and days only where there are any. */
function rawOf({ shown, cti, key, day }) {
  const status = new Map([["idx", shown.status_idx], ["uri", shown.status_uri]]); // prettier-ignore
  const raw = new Map([[ISS, shown.iss], [EXP, shown.exp], [NBF, shown.nbf], [IAT, shown.iat], [CTI, cti]]); // prettier-ignore
  if (key) raw.set(CNF, new Map([[1, new Map([[1, 2], [-1, 1], [-2, key.x], [-3, key.y]])]])); // prettier-ignore
  return raw.set(STATUS, new Map([["status_list", status]])).set(PASS, rawPass(shown.payload, day));
}

function rawPass(payload, day) {
  const fields = [
    payload.schema_version,
    PROFILES.indexOf(payload.profile) + 1,
    payload.number,
    payload.name.normalize("NFC"),
    DOCUMENT_TYPES.indexOf(payload.document_type) + 1,
    payload.last_four,
    payload.firm.normalize("NFC"),
    payload.origin_id,
    payload.origin_name.normalize("NFC"),
    payload.destination_id,
    payload.destination_name.normalize("NFC"),
    payload.pcr_sampled_at,
    payload.good_until,
  ];
  const raw = new Map(fields.map((value, place) => [place + 1, value]));
  if (payload.building_clear_from !== null) raw.set(14, day);
  const flags = (payload.specimen ? SPECIMEN : 0) | (payload.medium === "phone" ? PHONE : 0);
  return flags ? raw.set(15, flags) : raw;
}

export function must(holds, why) {
  if (!holds) throw new Malformed(why);
}

export function mapOf(value) {
  must(value instanceof Map, "a map expected");
  return value;
}

export function textOf(value) {
  must(typeof value === "string", "text expected");
  return value;
}

export function octetsOf(value) {
  must(value instanceof Uint8Array, "bytes expected");
  return value;
}

/** An integer of any size: Number or BigInt. */
export function wholeOf(value) {
  must(typeof value === "number" || typeof value === "bigint", "an integer expected");
  return value;
}

/** An integer of 32 bits: a moment in seconds, or the id of a place. */
export function secondsOf(value) {
  must(typeof value === "number" && value >= 0 && value < 2 ** 32, "not an integer of 32 bits");
  return value;
}

/** How many changes a list was made after: of two lists of one second the one with more is the later. */
export function changesOf(claims) {
  return claims.has(CHANGES) ? secondsOf(claims.get(CHANGES)) : 0; // 32 bits as well
}

function dayOf(value) {
  must(typeof value === "number" && value >= FIRST_DAY && value <= LAST_DAY, "no day of the calendar");
  return new Date(value * DAY).toISOString().slice(0, 10);
}

function nameOf(names, number) {
  must(typeof number === "number" && number >= 1 && number <= names.length, "a number nobody has defined");
  return names[number - 1];
}
