// The device's own verdict: what the lists say, what this device saw, what time it thinks it is. What it cannot know
// is amber. No words are made here but by their names.
import { check } from "./check/check.js";
import { parseNumber } from "./check/number.js";
import { parse } from "./check/token.js";
import { moment, say } from "./words.js";

const LONGEST_NUMBER = 24; // as people type it; anything longer is a scanned code
const TONES = { green: "go", red: "stop", amber: "wait", grey: "still" };

/** Whether this is meant as a typed number. */
export function isNumber(presented) {
  return presented.trim().length <= LONGEST_NUMBER;
}

/** The thirteen characters of a typed number, or null where it is mistyped. */
export function numberOf(presented) {
  try {
    return parseNumber(presented);
  } catch {
    return null;
  }
}

/**
 * Judge what was presented with `lists` (Lists) at `time` ({at, clock}) in `lane`; `seenOf(cti)` gives what this
 * device let through. The answer of the checker, and `whys`: names of what the device itself cannot know.
 */
export async function judge(presented, { lists, time, lane, seenOf, antigen = null }) {
  if (isNumber(presented)) return unknown("typed");
  if (!lists.keys) return unknown("no_list");
  const { at, clock } = time;
  const scene = { keys: lists.keys, at, gate: viewOf(lists.package.gate, lane), evidence: null, antigen };
  const token = tokenOf(presented);
  if (!token) return { ...(await check(presented, { ...scene, statusOf: () => null })), whys: [], seen: [] };
  // Whose it says it is tells where to look, while the signature is proven; what is found counts only if it is good.
  const looked = seenOf(token.claims.cti);
  const asOf = lists.asOf(token.claims, at);
  // A list younger than the present means a clock that nobody can trust: amber, while a revoked pass stays red, and
  // what is too old by the most careful guess lets nobody through.
  const isTooOld = asOf !== null && at - asOf > lists.package.freshness.release_seconds;
  const statusAsOf = clock === "good" || isTooOld ? (asOf ?? NaN) : at + 1;
  const statusOf = (claims) => lists.statusOf(claims);
  // Without a clock nobody can tell how old a phone's code is: the answer is amber then, and not red.
  const tripOf = async () => tripSeen(await looked, lists.package.trip_seconds);
  const checked = check(token, { ...scene, statusOf, statusAsOf, askPhone: clock === "good", tripOf });
  const [answer, seen] = await Promise.all([checked, looked]);
  if (!answer.claims) return { ...answer, whys: [], seen: [] };
  return { ...answer, whys: whysOf(answer, { at, clock, asOf, lists }), seen };
}

function tokenOf(presented) {
  try {
    return parse(presented);
  } catch {
    return null;
  }
}

function unknown(why) {
  const code = "OFFLINE_STALE";
  return { verdict: "amber", code, reasons: [code], claims: null, layers: {}, advice: "go_online", whys: [why], seen: [] };
}

/** Whether the guard may let through: as on line, green, or into observation where the exit was granted. */
export function mayRelease({ verdict, advice }) {
  return verdict === "green" || (verdict === "amber" && advice === "admit_to_observation");
}

function viewOf(gate, lane) {
  const { id, kind, building_ids, plant_ids } = gate;
  return { id: String(id), kind, building_ids, plant_ids, profile: lane.profile, antigen_required: lane.antigen_required };
}

function tripSeen(seen, seconds) {
  const out = seen.find(({ direction }) => direction === "out")?.at ?? null;
  const into = seen.find(({ direction }) => direction === "in")?.at ?? null;
  return { out_at: out, in_at: into, covers_until: out === null ? null : out + seconds };
}

function whysOf(answer, { at, clock, asOf, lists }) {
  if (!answer.reasons.includes("OFFLINE_STALE")) return [];
  const whys = [];
  const { green_seconds, release_seconds } = lists.package.freshness;
  if (asOf === null) whys.push("no_list");
  else if (at - asOf > release_seconds) whys.push("none");
  else if (clock !== "good" || asOf > at) whys.push("clock");
  else if (at - asOf > green_seconds) whys.push("old");
  if (at > answer.claims.payload.good_until) whys.push("past_good_until");
  return whys;
}

/** What the screen of an answer holds: slots (texts), whens (what is there), eaches (lines). */
export function viewOfAnswer(answer, { lists, lane }) {
  const tone = TONES[answer.verdict] ?? "stop";
  const { words, refusals, freshness } = lists.package ?? { words: {}, refusals: [], freshness: {} };
  const wordsOf = (code) => lane?.words?.[code] ?? words[code] ?? words.RULE_FAILED ?? { reason: code, advice: "" };
  const hours = { old: freshness.green_seconds / 3600, none: freshness.release_seconds / 3600 };
  const whys = answer.whys.map((why) => say(`why_${why}`, { n: hours[why] }));
  const sentences = answer.reasons.flatMap((code) =>
    code === "OFFLINE_STALE" && whys.length ? whys : [wordsOf(code).reason],
  );
  const wantsAntigen = answer.advice === "test_antigen";
  const canRelease = wantsAntigen || mayRelease(answer);
  const payload = answer.claims?.payload ?? null;
  return {
    tone,
    pass: answer.claims?.cti ?? "",
    slots: {
      word: say(`word_${tone}`),
      sign: say(`sign_${tone}`),
      source: lists.issuedAt === null ? say("source_none") : say("source", { moment: moment(lists.issuedAt) }),
      reason: sentences[0] ?? wordsOf("OK").reason,
      advice: adviceOf(answer, wordsOf),
      ...(payload ? factsOf(payload) : {}),
      uses: usesOf(answer.seen),
    },
    whens: {
      payload: payload !== null,
      phone: payload?.medium === "phone",
      paper: payload?.medium !== "phone",
      uses: payload?.profile === "RTW",
      compare: payload !== null && canRelease,
      advice: tone !== "go",
      hotline: tone !== "go",
      release: canRelease,
      antigen: wantsAntigen,
      undecided: true,
      [releaseOf(tone, wantsAntigen, lists.package?.gate, lane)]: canRelease,
    },
    eaches: {
      others: sentences.slice(1).map((other) => ({ other })),
      passages: answer.seen.map(({ direction, at }) => ({
        direction: say(`direction_${direction}`),
        passed: `${moment(at)} ${say("here")}`,
      })),
      reasons: [
        ...(answer.code === "OK" ? [] : [{ value: "STATED", refusal: sentences[0].replace(/[。.]+$/, "") }]),
        ...refusals.map(({ code, text }) => ({ value: code, refusal: text })),
      ],
    },
    canRelease,
  };
}

function adviceOf(answer, wordsOf) {
  if (answer.advice === "admit_to_observation") return wordsOf("ADMIT_TO_OBSERVATION").advice;
  if (answer.whys[0] === "typed") return say("why_typed_advice");
  if (answer.whys[0] === "past_good_until") return say("why_past_advice");
  return wordsOf(answer.code).advice;
}

function releaseOf(tone, wantsAntigen, gate, lane) {
  if (tone === "wait" && !wantsAntigen) return "to_observation";
  return lane?.direction === "in" && gate?.kind === "plant" ? "into_plant" : (lane?.direction ?? "out");
}

function usesOf(seen) {
  const left = (direction) => (seen.some((passage) => passage.direction === direction) ? 0 : 1);
  return say("uses", { out: left("out"), into: left("in") });
}

function factsOf(payload) {
  return {
    name: payload.name,
    last_four: payload.last_four,
    document: say(`document_${payload.document_type}`),
    firm: payload.firm,
    way: `${payload.origin_name} → ${payload.destination_name}`,
    number: payload.number.replace(/^(.{4})(.{4})(.{4})/, "$1 $2 $3 "),
  };
}
