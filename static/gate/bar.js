// The line on top, always in words: does the server answer, how old are the lists, how much waits to be uploaded.
import { moment, say, span } from "./words.js";

/** Write the line: `link` a Link, `device` a Device or null where this browser cannot keep anything. */
export function draw(link, device, { isTaken = false } = {}) {
  write("gate-state", stateOf(link, device, isTaken), { "gate-top__state--off": isTaken || link.state !== "online" });
  document.getElementById("gate-sign-in").hidden = link.state !== "signed_out";
  const lookUp = document.querySelector("#desk .gate-lanes__document");
  if (lookUp) lookUp.hidden = link.state !== "online"; // only the server knows documents
  if (device) drawLists(device);
  else write("gate-lists", say("link_only_online"), { "gate-top__lists--amber": true });
}

/** How much waits; asks the disk. */
export async function drawQueue(device) {
  const { own, foreign, stuck } = await device.waiting();
  const lines = [
    own - stuck > 0 ? say("queue_waiting", { n: own - stuck }) : "",
    foreign ? say("queue_foreign", { n: foreign }) : "",
    stuck ? say("queue_stuck", { n: stuck }) : "",
  ];
  write("gate-queue", lines.filter(Boolean).join(" · "));
}

/** What the server said of earlier scans, until the guard has read it. */
export function drawTold(device) {
  const place = document.getElementById("gate-told");
  place.hidden = !device.told.length;
  place.querySelector("ul").replaceChildren(
    ...device.told.map(({ at, state, why, forced }) => {
      const line = document.createElement("li");
      const word = state === "rejected" ? say("told_rejected", { why }) : forced ? say("told_forced", { why }) : why;
      line.textContent = `${say("told_scan", { moment: moment(Date.parse(at) / 1000) })}：${word}`;
      return line;
    }),
  );
}

function stateOf(link, device, isTaken) {
  if (isTaken) return say("link_taken");
  if (link.state === "online") return say("link_online");
  if (!device) return say("link_no_answer");
  if (link.state === "signed_out") return say("link_signed_out");
  if (link.state === "ended") return say("link_ended");
  return say(navigator.onLine === false ? "link_no_network" : "link_offline");
}

function drawLists({ lists, clock }) {
  const time = clock.now();
  const { level, age } = lists.freshness(time);
  const problem = [...lists.problems.values()][0];
  const name = age === null ? "missing" : level === "none" ? "none" : time.clock !== "good" ? "doubtful" : level === "amber" ? "amber" : "age";
  const text = [say(`lists_${name}`, { age: age === null ? "" : span(age) }), problem ? say(`problem_${problem}`) : ""];
  write("gate-lists", text.filter(Boolean).join(" · "), {
    "gate-top__lists--amber": level === "amber" || Boolean(problem),
    "gate-top__lists--none": level === "none",
  });
}

function write(id, text, classes = {}) {
  const line = document.getElementById(id);
  if (line.textContent !== text) line.textContent = text; // a screen reader is told of changes only
  for (const [name, isOn] of Object.entries(classes)) line.classList.toggle(name, isOn);
}
