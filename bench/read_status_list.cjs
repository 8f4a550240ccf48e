// Reads COSE_Sign1 messages (base64, one a line of standard input) with another implementation of the draft, and prints
// the places that are not 0 as [[index, value], ...], one line a list. NODE_PATH names the folder of the packages.
"use strict";
const { decode } = require("cbor-x");
const { StatusListCwtPayload } = require("@owf/token-status-list");

const PLACES = 2 ** 17;
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
  // Its own `StatusListCwt.fromToken` (0.3.0) opens no array of COSE_Sign1; the payload is handed to it.
  const { statusList } = StatusListCwtPayload.decode(new Uint8Array(decode(Buffer.from(line, "base64"))[2]));
  const set = [];
  for (let index = 0; index < PLACES; index += 1) {
    const value = statusList.getStatus(index);
    if (value !== 0) set.push([index, value]);
  }
  console.log(JSON.stringify(set));
}
