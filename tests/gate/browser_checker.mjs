// The browser's checker behind a pipe: a line in is a JSON array of questions, a line out the array of their answers.
import readline from "node:readline";
import { fromBase64, Malformed, toHex } from "../../static/gate/check/bytes.js";
import { check } from "../../static/gate/check/check.js";
import { keyEntry, KeySet, NotGenuine, openKeyList } from "../../static/gate/check/keys.js";
import { BadNumber, parseNumber } from "../../static/gate/check/number.js";
import { proofText } from "../../static/gate/check/phone.js";
import { openStatusList, unpacked } from "../../static/gate/check/status.js";

const FAILURES = [Malformed, NotGenuine, BadNumber];
let keys = null;

const answers = {
  async keys({ issuer, rows }) {
    const entries = rows.map((row) => keyEntry({ ...row, certificate: fromBase64(row.certificate) }));
    keys = new KeySet(issuer, await Promise.all(entries));
    return Array.from(keys.entries.keys());
  },

  async check({ token, cose, at, gate, status, status_as_of, evidence, trip, antigen, ask_phone }) {
    const presented = token ?? fromBase64(cose);
    const known = { evidence, antigen, askPhone: ask_phone, statusAsOf: status_as_of };
    const answer = await check(presented, { keys, at, gate, ...known, statusOf: () => status, tripOf: () => trip });
    return { ...answer, layers: Object.entries(answer.layers) }; // their order counts
  },

  async key_list({ message, anchor, issuer, at }) {
    const opened = await openKeyList(fromBase64(message), anchor, { issuer, at });
    const entries = Array.from(opened.keys.entries.values(), ({ publicKey, ...entry }) => entry);
    return { issued_at: opened.issuedAt, changes: opened.changes, issuer: opened.keys.issuer, entries };
  },

  async status_list({ message, uri, at, ask }) {
    const { issuedAt, expiresAt, statusAt, ...list } = await openStatusList(fromBase64(message), keys, { uri, at });
    return { ...list, issued_at: issuedAt, expires_at: expiresAt, statuses: ask.map(statusAt) };
  },

  // What is packed, by its length and digest.
  async zlib({ lst, limit }) {
    const packed = unpacked(fromBase64(lst), limit);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", packed));
    return { length: packed.length, digest: toHex(digest) };
  },

  number: ({ typed }) => parseNumber(typed),

  async proof({ pkcs8, cti, at }) {
    const use = { name: "ECDSA", namedCurve: "P-256" };
    const privateKey = await crypto.subtle.importKey("pkcs8", fromBase64(pkcs8), use, false, ["sign"]);
    return proofText(privateKey, cti, at);
  },

  async speed({ times, ...question }) {
    const took = [];
    for (let time = 0; time < times; time++) {
      const began = performance.now();
      await answers.check(question);
      took.push(performance.now() - began);
    }
    return took.sort((one, other) => one - other);
  },
};

async function answer({ what, ...question }) {
  try {
    return await answers[what](question);
  } catch (error) {
    const failure = FAILURES.find((kind) => error instanceof kind);
    return { failed: failure ? failure.name : `${error.stack}` };
  }
}

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const found = [];
  for (const question of JSON.parse(line)) found.push(await answer(question));
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
