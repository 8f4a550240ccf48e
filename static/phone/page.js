// /p: the pass on this phone. One of four views is shown: waiting, entry, live, gone. The code changes every half
// minute and is drawn here, also without network; the server is asked where the pass stands whenever it is there.
import * as clock from "./clock.js";
import { STEP, draw, textAt } from "./code.js";
import { canHoldKeys, pendingKey, settle } from "./keys.js";
import { stayAwake } from "./light.js";
import { read, wipe, write } from "./store.js";
import { ask } from "./talk.js";
import { fill, say, show, showState, tick } from "./views.js";

const root = document.getElementById("phone");
const form = document.getElementById("phone-entry-form");
const EVERY = 15_000; // milliseconds between two questions
const ON_A_PHONE = ["active", "out"];

let pass;
let drawn = -1;
let isAsking = false;

async function begin() {
  const key = takeKey();
  if (!canHoldKeys()) return show("unable");
  pass = await read("pass").catch(() => undefined);
  if (pass && (!key || pass.keyMark === (await markOf(key)))) return live();
  show("entry");
  form.elements.namedItem("key").value = key;
  document.getElementById("phone-key-group").hidden = Boolean(key); // nobody reads 26 characters over
  form.elements.namedItem(key ? "last_four" : "key").focus();
  say("other", Boolean(pass));
}

/** The key behind #, out of the address at once: a page that is shown to a guard shows no secret. */
function takeKey() {
  const key = decodeURIComponent(location.hash.slice(1)).slice(0, 160);
  if (key) history.replaceState(null, "", location.pathname);
  return key;
}

/** Tells one key from the next, and cannot be turned into it. */
async function markOf(key) {
  const plain = new TextEncoder().encode(key.toUpperCase().replace(/[^0-9A-Z]/g, ""));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
  return Array.from(digest.slice(0, 8), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

async function put(event) {
  event.preventDefault();
  const [typed, lastFour] = ["key", "last_four"].map((name) => form.elements.namedItem(name).value.trim());
  const button = form.querySelector("button");
  button.disabled = true;
  say("silent", false);
  say("refused", false);
  try {
    const { privateKey, x, y } = await pendingKey();
    const { answer, refused, difference } = await ask(root.dataset.put, { key: typed, last_four: lastFour, x, y });
    if (refused) {
      document.getElementById("phone-key-group").hidden = false;
      return say("refused", true, `${refused.message}。${refused.advice}`);
    }
    if (!answer) return say("silent", true);
    const { prefix, token, cti, facts, state } = answer;
    pass = { prefix, token, cti, facts, state, privateKey, keyMark: await markOf(typed), difference, heardAt: clock.now() };
    await settle(pass);
    navigator.storage?.persist?.().catch(() => {});
    form.reset();
    await live();
  } catch (error) {
    console.error(error);
    show("unable");
  } finally {
    button.disabled = false;
  }
}

async function live() {
  clock.restore(pass.difference);
  fill(pass.facts);
  drawn = -1;
  render();
  keepPage();
  await look();
}

/** What is on the screen at this moment; several times a second. */
function render() {
  if (!pass) return;
  const at = clock.now() / 1000;
  const word = at >= pass.facts.expires_at && ON_A_PHONE.includes(pass.state.word) ? "expired" : pass.state.word;
  const isLive = ON_A_PHONE.includes(word) || word === "unknown";
  show(isLive ? "live" : "gone");
  showState({ word, state: pass.state, facts: pass.facts, at, heardAt: pass.heardAt / 1000, isSilent: pass.isSilent });
  if (!isLive) return erase();
  tick(at, STEP);
  const step = Math.floor(at / STEP);
  if (step !== drawn) {
    drawn = step;
    textAt(pass, at)
      .then((text) => step === drawn && draw(document.getElementById("phone-code"), text))
      .catch((error) => {
        console.error(error);
        drawn = -1;
      });
  }
}

/** Nothing of a code is left on a screen that says no. */
function erase() {
  drawn = -1;
  document.getElementById("phone-code").querySelector("path").setAttribute("d", "");
}

/** Ask the server where the pass stands, and what time it is. */
async function look() {
  if (!pass || isAsking) return;
  isAsking = true;
  const asked = pass;
  const { answer, refused, difference } = await ask(root.dataset.state, { token: asked.token });
  isAsking = false;
  if (pass !== asked) return; // removed, or put anew meanwhile
  pass.isSilent = !answer && !refused;
  if (difference !== undefined) Object.assign(pass, { difference, heardAt: clock.now() });
  if (answer) pass.state = answer.state;
  if (refused?.code === "not_of_here") pass.state = { word: "gone" };
  if (!pass.isSilent) await write({ pass }).catch(() => {});
  render();
}

/** Without network the page opens from what the service worker keeps. */
function keepPage() {
  navigator.serviceWorker?.register(root.dataset.worker, { scope: root.dataset.scope }).catch(console.error);
}

async function remove() {
  pass = undefined;
  erase();
  await wipe();
  for (const name of await caches.keys()) if (name.startsWith("resume-phone-")) await caches.delete(name);
  const found = await navigator.serviceWorker?.getRegistration(root.dataset.scope);
  await found?.unregister();
  show("entry");
  say("removed", true);
}

form.addEventListener("submit", put);
for (const button of document.querySelectorAll("[data-remove]")) button.addEventListener("click", remove);
for (const button of document.querySelectorAll("[data-anew]")) {
  button.addEventListener("click", () => {
    show("entry");
    say("other", true);
    pass = undefined;
  });
}
window.addEventListener("hashchange", begin);
window.addEventListener("online", look);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (render(), look()));
setInterval(render, 250);
setInterval(() => document.visibilityState === "visible" && look(), EVERY);
stayAwake(() => Boolean(pass));
begin();
