// The checks of a pass at a gate, in their order, on line and off line alike; the twin of `resume/credential/check.py`,
// held to it by `tests/vectors/token-*.json` and tests/gate/test_two_checkers.py. Change both or neither.
import { Malformed } from "./bytes.js";
import { isEnvelopeSignedBy } from "./cose.js";
import { isProofMadeBy, isProofOf } from "./phone.js";
import { parse } from "./token.js";

const LAYERS = ["shape", "key", "signature", "time", "status", "gate", "evidence", "trip"];
const PHONE_LAYERS = [...LAYERS.slice(0, 3), "phone", ...LAYERS.slice(3)];
export const LIST_GIVES_GREEN = 4 * 3600; // seconds: age of the status behind a green
export const LIST_RELEASES = 24 * 3600; // beyond, nobody goes but medical exits

/**
 * Judge a scanned text, its base32, raw COSE (Uint8Array), or what `parse` made of one, at the moment `at`; all times are
 * seconds since 1970.
 *
 * `keys` is a KeySet. `gate` is `{id, kind, profile, building_ids, plant_ids, antigen_required}`. `statusOf(claims)`
 * (may be async) says "active", "suspended", "revoked", "replaced", "used", or null where it is not known. `statusAsOf`
 * is when that was so, null when live; left out, its age is not known and nothing is green. `evidence` is null where it
 * cannot be evaluated (off line), `tripOf(claims)` (may be async) says what is recorded, `antigen` is null, "negative" or
 * "positive". `askPhone` false asks for no proof: the number was typed.
 *
 * The answer is `{verdict, code, reasons, claims, layers, advice}`; `claims` is null unless the signature is good under
 * a trusted key: nothing else a token says may be shown as true.
 */
export async function check(
  presented,
  { keys, at, gate, statusOf, statusAsOf = NaN, evidence = null, tripOf = () => null, antigen = null, askPhone = true },
) {
  const { token, reasons } = await prove(presented, keys);
  if (reasons.length) return refusedUnproven(token, reasons);
  const [status, trip] = [await statusOf(token.claims), recorded(await tripOf(token.claims))];
  const known = { status, statusAsOf, evidence, trip, antigen, askPhone };
  const scene = { token, claims: token.claims, at: Math.floor(at), gate, ...known };
  return answered(scene, judge(scene));
}

function recorded(trip) {
  return { out_at: trip?.out_at ?? null, in_at: trip?.in_at ?? null, covers_until: trip?.covers_until ?? null };
}

async function prove(presented, keys) {
  let token = presented;
  try {
    if (typeof presented === "string" || presented instanceof Uint8Array) token = parse(presented);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { token: null, reasons: [reason("shape", "MALFORMED", "red")] };
  }
  return { token, reasons: await doubts(token, keys) };
}

/** What speaks against the key, the signature and the phone's proof. */
async function doubts({ envelope, claims, proof }, keys) {
  const asked = { issuer: claims.iss, purpose: claims.payload.profile, issuedAt: claims.iat };
  const judged = keys.judge(envelope.kid, asked);
  if (judged === "KEY_UNKNOWN") return [reason("key", judged, "red")];
  const found = judged === "OK" ? [] : [reason("key", judged, "red")];
  if (!(await isEnvelopeSignedBy(envelope, keys.find(envelope.kid).publicKey))) {
    found.push(reason("signature", "FORGED", "red"));
  }
  if (!found.length && proof && !(await isProofMadeBy(proof, claims.phone_key, claims.cti))) {
    found.push(reason("phone", "FORGED", "red"));
  }
  return found;
}

function reason(layer, code, verdict, isEased = false) {
  return { layer, code, verdict, isEased };
}

/** Red, or amber where the exit was already granted. */
function refusal(scene, layer, code) {
  return isUnderWay(scene) ? reason(layer, code, "amber", true) : reason(layer, code, "red");
}

function isUnderWay({ gate, trip, at }) {
  if (gate.kind !== "plant" || trip.out_at === null || trip.in_at !== null || at < trip.out_at) return false;
  return trip.covers_until === null || at <= trip.covers_until;
}

function refusedUnproven(token, reasons) {
  const codes = reasons.map(({ code }) => code);
  const layers = allLayers(token?.claims, "unchecked");
  if (!token) layers.shape = "broken";
  else {
    layers.shape = "good";
    layers.key = codes[0] === "FORGED" ? "good" : "refused";
    if (codes[0] !== "KEY_UNKNOWN") layers.signature = "good";
    for (const { layer, code } of reasons) if (code === "FORGED") layers[layer] = "broken";
  }
  return { verdict: "red", code: codes[0], reasons: codes, claims: null, layers, advice: "refuse" };
}

function allLayers(claims, state) {
  return Object.fromEntries((claims?.phone_key ? PHONE_LAYERS : LAYERS).map((layer) => [layer, state]));
}

function judge(scene) {
  const specimen = scene.claims.payload.specimen ? [reason("status", "SPECIMEN", "grey")] : [];
  const judges = [judgePhone, judgeTime, judgeStatus, judgeGate, judgeEvidence, judgeTrip];
  return [...specimen, ...judges.flatMap((ask) => ask(scene))];
}

function judgePhone({ claims, token, at, askPhone }) {
  if (!claims.phone_key || !askPhone) return [];
  return token.proof && isProofOf(token.proof, at) ? [] : [reason("phone", "PHONE_STALE", "red")];
}

function judgeTime(scene) {
  // Asked so that a clock that gives no number passes neither.
  const found = scene.at >= scene.claims.nbf ? [] : [reason("time", "NOT_YET", "red")];
  return scene.at < scene.claims.exp ? found : [...found, refusal(scene, "time", "EXPIRED")];
}

function judgeStatus(scene) {
  const age = scene.statusAsOf === null ? [] : judgeAge(scene, scene.at - scene.statusAsOf);
  switch (scene.status) {
    case "active":
      return age;
    case "suspended":
      return [refusal(scene, "status", "SUSPENDED"), ...age];
    case "revoked":
    case "replaced":
    case "used":
      return [reason("status", scene.status.toUpperCase(), "red"), ...age];
    default:
      return [reason("status", "OFFLINE_STALE", "amber")];
  }
}

/** How old the status is; a negative age means a clock that jumped back, so nobody knows. */
function judgeAge({ claims }, age) {
  if (age > LIST_RELEASES && claims.payload.profile !== "MEDICAL") return [reason("status", "OFFLINE_STALE", "red")];
  return age >= 0 && age <= LIST_GIVES_GREEN ? [] : [reason("status", "OFFLINE_STALE", "amber")];
}

function judgeGate({ gate, claims: { payload } }) {
  const isOfProfile = (gate.profile ?? null) === null || gate.profile === payload.profile;
  return isOfProfile && servesPlace(gate, payload) ? [] : [reason("gate", "WRONG_GATE", "red")];
}

function servesPlace(gate, payload) {
  if (gate.kind === "compound") return Boolean(gate.building_ids?.includes(payload.origin_id));
  return gate.kind === "any" || Boolean(gate.plant_ids?.includes(payload.destination_id));
}

function judgeEvidence(scene) {
  const { evidence, at, claims } = scene;
  if (!evidence) {
    const isPast = !(at <= claims.payload.good_until);
    return isPast ? [reason("evidence", "OFFLINE_STALE", "amber", isUnderWay(scene))] : [];
  }
  if (evidence.outcome === "eligible") return [];
  const codes = evidence.codes?.length ? evidence.codes : ["SUSPENDED_EVIDENCE"];
  return codes.map((code) =>
    evidence.outcome === "not_known"
      ? reason("evidence", code, "amber", isUnderWay(scene))
      : refusal(scene, "evidence", code),
  );
}

function judgeTrip({ trip, gate, antigen }) {
  const isSpent = trip.in_at !== null || (gate.kind === "compound" && trip.out_at !== null);
  if (isSpent) return [reason("trip", "USED", "red")];
  if (antigen === "positive") return [reason("trip", "AG_POSITIVE", "red")];
  return gate.antigen_required && antigen !== "negative" ? [reason("trip", "AG_REQUIRED", "amber")] : [];
}

function answered(scene, reasons) {
  const verdict = ["grey", "red", "amber"].find((worst) => reasons.some((one) => one.verdict === worst)) ?? "green";
  const code = reasons.find((one) => one.verdict === verdict)?.code ?? "OK";
  const listed = reasons.length ? [...new Set([code, ...reasons.map((one) => one.code)])] : [];
  const layers = layersOf(scene, reasons);
  return { verdict, code, reasons: listed, claims: scene.claims, layers, advice: adviceFor(verdict, reasons) };
}

function layersOf({ claims, askPhone }, reasons) {
  const layers = allLayers(claims, "good");
  if ("phone" in layers && !askPhone) layers.phone = "unchecked";
  for (const { layer, verdict } of reasons) {
    if (verdict !== "amber") layers[layer] = "refused";
    else if (layers[layer] === "good") layers[layer] = "unknown";
  }
  return layers;
}

function adviceFor(verdict, reasons) {
  if (verdict !== "amber") return verdict === "green" ? "let_through" : "refuse";
  const has = (code) => reasons.some((one) => one.code === code);
  if (has("AG_REQUIRED")) return "test_antigen"; // first: its result decides what the other reasons are worth
  if (reasons.some((one) => one.isEased)) return "admit_to_observation";
  return has("OFFLINE_STALE") ? "go_online" : "ask_street_desk";
}
