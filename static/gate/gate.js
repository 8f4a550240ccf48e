// The guard's page. The server's answer counts, asked with little patience; where it does not come the device judges by
// itself (device.js) and says so. Without this script everything works by typed number and plain forms.
import { draw, drawQueue, drawTold } from "./bar.js";
import { Camera } from "./camera.js";
import { Device, newNonce } from "./device.js";
import { isNumber, mayRelease, numberOf, viewOfAnswer } from "./judge.js";
import { Link } from "./link.js";
import { listen } from "./scanner.js";
import { desk, deskOf, show, verdictDesk, write } from "./screen.js";
import { signal, wake } from "./signals.js";
import { findParts, moment, say } from "./words.js";

const REPEAT_AFTER = 3000; // ms: the same code again, when the guard comes back to a paper still in view
const TICK = 5000; // ms between two looks at clock and ages
const REFRESH = 120_000; // ms between two packages while the server answers
const PULSE = 20_000; // ms between two looks whether it still does
const RETRY = [2000, 4000, 8000, 15_000]; // ms between two tries while it does not

const link = new Link();
let device = null;
let scan = null; // what is on the screen: {nonce, presented, direction, taken, answer, counter, pass, ...}
let last = { text: "", at: 0 };
let busy = false;
let isTaken = false; // another window of this phone has the gate

const camera = new Camera((text, taken) => {
  if (busy || isTaken || !document.getElementById("scan")) return;
  if (text === last.text && performance.now() - last.at < REPEAT_AFTER) return;
  present(text, taken);
});

// A scan, from what was presented to a verdict on the screen.

async function present(presented, taken = performance.now()) {
  if (isTaken) return;
  device?.letGo(scan);
  const text = presented.trim();
  // One scan, one number: a code that was sent and got no answer goes again under the same one.
  const nonce = text === last.text && last.nonce ? last.nonce : newNonce();
  last = { text, at: performance.now(), nonce };
  const current = (scan = { nonce, presented: text, taken, direction: laneOnScreen() });
  if (isNumber(text) && !numberOf(text)) return mistyped(current);
  busy = true;
  camera.say("reading");
  const patience = device ? link.patience : Infinity;
  const asked = patience ? ask(current) : null;
  const root = asked && (await within(asked, patience));
  if (scan !== current) return;
  if (root) return arrive(root, current);
  if (asked && link.state === "online") link.failed(); // too late, or somebody else answered for the server
  if (!device) return unanswered();
  await judgeHere(current);
  asked?.then((late) => late && correct(current, late));
}

async function ask({ nonce, presented, direction }) {
  const answer = await link.post("/gate", { presented, nonce, lane: direction ?? "" });
  return answer && [200, 422].includes(answer.status) ? deskOf(answer.html) : null;
}

async function judgeHere(current, antigen = null) {
  current.answer = await device.judge(current.presented, antigen);
  current.pass = current.answer.claims?.cti ?? "";
  current.until = current.answer.claims?.exp;
  if (scan !== current) return;
  arrive(verdictDesk(viewOfAnswer(current.answer, device), current.nonce), current);
  current.noted = keep(() =>
    current.answer.code === "MALFORMED" ? device.fail(current.presented, "MALFORMED") : device.note(current),
  );
  await current.noted;
}

/** The server's answer came after all: as long as nothing was done it counts. */
function correct(current, root) {
  if (scan !== current || current.isDecided) return;
  const source = root.querySelector("[data-slot=source]");
  if (source) source.textContent = say("source_late");
  device.letGo(current);
  current.counter = null;
  arrive(root, current);
}

function mistyped(current) {
  const line = document.querySelector("[data-error]");
  busy = false;
  device?.fail(current.presented, "MALFORMED").then(owe);
  if (!line) return next();
  line.closest("details").open = true;
  line.textContent = line.dataset.badNumber;
  line.hidden = false;
  line.id = "presented-error";
  const field = document.getElementById("presented");
  field.setAttribute("aria-describedby", line.id);
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function unanswered() {
  busy = false;
  last.at = performance.now();
  camera.say("ready");
  draw(link, device, { isTaken });
}

/** Put a desk on the screen; a verdict is heard and felt, and its scan rests until something is done. */
function arrive(root, current = null) {
  busy = false;
  show(root);
  const verdict = root.querySelector("[data-verdict]");
  if (!verdict) return idle();
  camera.rest();
  last.at = performance.now();
  last.nonce = null;
  if (current) {
    scan = current;
    current.pass ||= verdict.dataset.pass ?? "";
    performance.measure("gate-verdict", { start: current.taken, end: performance.now() });
  } else {
    scan = { nonce: verdict.dataset.scan, presented: "", pass: verdict.dataset.pass ?? "", direction: laneOnScreen() };
  }
  verdict.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  signal(verdict.dataset.verdict);
}

// What the guard does with it.

async function release(form) {
  const current = scan;
  const antigen = form.elements.namedItem("antigen")?.checked ? "negative" : null;
  if (!current.answer) {
    const root = await tell(form, antigen ? { antigen } : {});
    if (root) return released(root, current);
    // The guard sees what this device says, and decides on that.
    return device ? judgeHere(current, antigen) : complain(document.getElementById("notice").dataset.offline);
  }
  if (current.answer.advice === "test_antigen" && !antigen) return complain(say("antigen_missing"));
  // As on line: judged once more at this very second.
  const answer = await device.judge(current.presented, antigen);
  if (!mayRelease(answer)) return judgeHere(current, antigen);
  if (answer.verdict !== current.answer.verdict) show(verdictDesk(viewOfAnswer(answer, device), current.nonce));
  current.answer = answer;
  await settle(current, "done_let_through", { action: "let_through", antigen });
}

async function refuse(form, reason) {
  const current = scan;
  if (!current.answer) {
    const root = await tell(form, { reason });
    if (root) return arrive(root, current);
    if (!device) return complain(document.getElementById("notice").dataset.offline);
  }
  const antigen = reason === "AG_POSITIVE" ? "positive" : null;
  await settle(current, "done_refused", { action: "refused", refusal: reason, antigen });
}

/** Write what was done, and only then say so. */
async function settle(current, word, what) {
  await current.noted;
  current.isDecided = true;
  const isKept = await keep(async () => (current.settledAt = await device.settle(current, what)));
  if (!isKept || scan !== current) return;
  decided(say(word, { moment: moment(current.settledAt) }), what.action === "let_through");
  owe();
}

function decided(text, went = false) {
  const root = document.getElementById("desk");
  for (const part of root.querySelectorAll("[data-does=release], [data-when=undecided], [data-when=compare], [data-when=advice]")) part.remove();
  write(root, { done: text, error: "" });
  root.querySelector("[data-slot=done]").hidden = false;
  root.querySelector("[data-slot=error]").hidden = true;
  root.querySelector("a[data-does=next]").classList.replace("gate-button--quiet", "gate-button--confirm");
  root.querySelector("[data-does=annul]").hidden = !went || !device;
  root.querySelector(".gate-verdict").focus({ preventScroll: true });
}

/** Post a form of the server's own verdict; the desk that answers, or nothing. */
async function tell(form, fields) {
  const patience = device ? link.patience : Infinity;
  if (!patience) return null;
  const answer = await within(link.post(form.getAttribute("action"), fields), patience);
  const root = answer && [200, 422].includes(answer.status) ? deskOf(answer.html) : null;
  if (!root && link.state === "online") link.failed();
  return root;
}

function released(root, current) {
  arrive(root, current);
  if (!root.querySelector("[data-went]") || !device) return;
  current.isDecided = true;
  current.settledAt = device.clock.now().at;
  device.saw(current).catch(console.error);
}

async function annul(form) {
  const current = scan;
  if (!device) {
    const root = await tell(form, {});
    return root ? arrive(root, current) : complain(document.getElementById("notice").dataset.offline);
  }
  const isKept = await keep(async () => (current.annulledAt = await device.annul(current)));
  if (!isKept) return;
  decided(say("done_annulled", { moment: moment(current.annulledAt) }));
  owe();
}

/** Do what writes to the disk; where that fails say so, and let nobody through on it. */
async function keep(act) {
  try {
    await act();
    return true;
  } catch (error) {
    console.error("not kept", error);
    complain(say(error?.message === "too late" ? "too_late" : "not_kept"));
    document.querySelector("#desk [data-does=release]")?.remove();
    return false;
  }
}

function complain(text) {
  const line = document.querySelector("#desk [data-slot=error]");
  if (!line) return;
  line.textContent = text;
  line.hidden = false;
}

// A medical exit: two taps, whatever else is the matter.

function askMedical() {
  device?.letGo(scan);
  scan = { nonce: newNonce(), isMedical: true };
  camera.rest();
  show(desk("gate-medical"));
  document.querySelector("#desk .gate-verdict").focus({ preventScroll: true });
}

async function medicalExit(form) {
  const nonce = scan?.isMedical ? scan.nonce : form.elements.namedItem("nonce").value || newNonce();
  let text = say("medical_not_kept");
  try {
    text = say("medical_done", { moment: moment(await device.medical(nonce)) });
  } catch (error) {
    console.error("a medical exit was not kept here", error);
    const answer = await link.post("/gate/medical", { nonce });
    if (answer && answer.status < 400) text = say("medical_done", { moment: moment(Date.now() / 1000) });
  }
  write(document.getElementById("desk"), { medical: text });
  form.remove();
  owe();
}

// Between two scans.

function next() {
  device?.letGo(scan);
  scan = null;
  if (!device) return location.assign("/gate"); // its lanes come with the server's own page
  show(desk("gate-idle", { eaches: { lanes: (device?.lanes ?? []).map(({ direction, label }) => ({ value: direction, lane: label })) } }));
  idle();
  owe();
}

function idle() {
  const lanes = document.querySelector("#desk [data-lanes]");
  if (lanes && device) {
    lanes.hidden = device.lanes.length < 2;
    for (const field of lanes.querySelectorAll("input")) field.checked = field.value === device.lane?.direction;
  }
  const place = document.getElementById("camera");
  if (place && !isTaken) camera.show(place);
  else camera.rest();
  draw(link, device, { isTaken });
}

function laneOnScreen() {
  return device?.lane?.direction ?? document.querySelector("#desk input[name=lane]:checked")?.value;
}

/** Send what waits, if the server answers, and say how much is left. */
async function owe() {
  if (!device || isTaken) return;
  await drawQueue(device);
  if (link.state !== "online") return;
  await device.upload().catch((error) => console.error("not uploaded", error));
  await drawQueue(device);
}

let tries = 0;

/** Look after the lists while the server answers, and after the server while it does not. */
async function beat() {
  let wait = PULSE;
  try {
    const isDue = link.state !== "online" || performance.now() - beat.refreshed > REFRESH;
    const answered = isDue ? await refresh() : Boolean(await link.get("/health"));
    if (answered && isDue) beat.refreshed = performance.now();
    tries = answered ? 0 : tries + 1;
    if (!answered) wait = RETRY[Math.min(tries, RETRY.length) - 1];
    await owe();
  } catch (error) {
    console.error(error);
  }
  draw(link, device, { isTaken });
  clearTimeout(beat.timer);
  beat.timer = setTimeout(beat, wait);
}
beat.refreshed = -Infinity;

async function refresh() {
  if (!device) return Boolean(await link.get("/gate/package"));
  const hadNone = !device.gate;
  const answered = await device.refresh();
  if (device.gate) document.getElementById("gate-place").textContent = device.gate.name;
  if (hadNone && document.getElementById("scan")) idle();
  return answered;
}

function within(promise, limit) {
  if (limit === Infinity) return promise;
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, limit))]);
}

// Fingers, keys, and what happens to the page.

const TAPS = {
  next,
  medical: askMedical,
  torch: () => camera.toggleTorch().catch(console.error),
  heard: () => device.heard().then(() => drawTold(device)),
};
const FORMS = {
  annul,
  scan: (form) => present(form.elements.namedItem("presented").value),
  release,
  refuse: (form, button) => refuse(form, button?.value ?? ""),
  "medical-exit": medicalExit,
};

function wire() {
  document.addEventListener("click", (event) => {
    const act = TAPS[event.target.closest("a[data-does], button[data-does]")?.dataset.does];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const act = FORMS[form.dataset.does];
    if (!act) return;
    event.preventDefault();
    if (form.dataset.busy) return; // pressed twice
    form.dataset.busy = "yes";
    await Promise.resolve(act(form, submitter)).catch(console.error);
    delete form.dataset.busy;
  });

  document.addEventListener("change", (event) => {
    if (event.target.name === "lane") device?.chooseLane(event.target.value);
  });

  document.addEventListener("pointerdown", wake, { passive: true });
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) {
      camera.stop();
      await device?.clock.hide();
      return;
    }
    await device?.clock.tick();
    if (document.getElementById("camera")) idle();
    beat();
  });
  for (const name of ["online", "offline"]) window.addEventListener(name, () => beat());
  link.addEventListener("change", () => draw(link, device, { isTaken }));
}

/** One window of a phone has the gate: the newest. Two would hold each other's scans. */
function takeOver() {
  navigator.locks?.request("resume-gate", { steal: true }, () => new Promise(() => {})).catch(() => {
    isTaken = true;
    camera.stop();
    draw(link, device, { isTaken });
  });
}

async function start() {
  link.csrf = document.querySelector("input[name=csrf_token]")?.value ?? "";
  await findParts();
  const canKeep = window.isSecureContext && "indexedDB" in window && crypto.subtle;
  device = canKeep ? await Device.open(link).catch((error) => console.error("nothing can be kept", error) ?? null) : null;
  takeOver();
  device?.addEventListener("told", () => drawTold(device));
  if (device) drawTold(device);
  if (window.isSecureContext && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("/gate/worker.js", { scope: "/gate", updateViaCache: "none" }).catch(console.error);
  }
  wire();
  listen(present);
  const verdict = document.querySelector("#desk [data-verdict]");
  if (verdict) arrive(document.getElementById("desk"));
  else idle();
  draw(link, device);
  setInterval(async () => {
    await device?.clock.tick();
    draw(link, device, { isTaken });
  }, TICK);
  await beat();
  document.documentElement.dataset.gate = device ? "ready" : "online";
}

start();
