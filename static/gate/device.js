// The phone as a device: what it carries, what it judges by itself, what it owes the server.
import { DeviceClock } from "./clock.js";
import { judge } from "./judge.js";
import { Lists } from "./lists.js";
import { Queue } from "./queue.js";
import { Seal } from "./seal.js";
import { Store } from "./store.js";

const LIFE = 8 * 86400; // s: longer than any pass lives, where its end is not known
const ANNUL_WITHIN = 900; // s
const FAILED_EVERY = 60; // s between two failed scans of the same code
const ANNOUNCE = "told";

export class Device extends EventTarget {
  lists;
  clock;
  /** What the server said of uploaded scans that the guard should know: [{at, state, code, why, forced}]. */
  told = [];
  #store;
  #seal;
  #queue;
  #link;
  #lane = "";
  #failed = new Map(); // what was presented -> when it was logged as failed last (s)

  /** Open what the device keeps. Throws where the browser cannot keep or seal anything. */
  static async open(link) {
    const device = new Device();
    device.#link = link;
    device.#store = await Store.open();
    device.#seal = await Seal.of(device.#store);
    device.#queue = new Queue(device.#store, device.#seal);
    device.clock = new DeviceClock(device.#store);
    device.lists = new Lists(device.#store, device.clock);
    await device.clock.resume();
    await device.lists.load();
    device.#lane = (await device.#store.get("meta", "lane")) ?? "";
    const told = await device.#store.get("meta", ANNOUNCE);
    if (told) device.told = await device.#seal.open(told, ANNOUNCE).catch(() => []);
    navigator.storage?.persist?.().catch(() => {});
    return device;
  }

  get gate() {
    return this.lists.package?.gate ?? null;
  }

  get lanes() {
    return this.lists.package?.lanes ?? [];
  }

  /** The lane the guard chose on this device, or the gate's usual one. */
  get lane() {
    return this.lanes.find(({ direction }) => direction === this.#lane) ?? this.lanes[0] ?? null;
  }

  async chooseLane(direction) {
    this.#lane = direction;
    await this.#store.put("meta", direction, "lane");
  }

  judge(presented, antigen = null) {
    const time = this.clock.now();
    return judge(presented, { lists: this.lists, time, lane: this.lane, seenOf: (cti) => this.#store.seen(cti), antigen });
  }

  /** Write a scan that is on the screen; it is uploaded once something was done with it or it left the screen. */
  async note(scan) {
    const gate = this.#gateId();
    if (scan.counter) await this.#queue.amend(scan.counter, this.#event(scan), gate, { held: true });
    else scan.counter = await this.#queue.append(this.#event(scan), gate, { held: true });
  }

  /** Write what the guard did with a scan, and where he let through, that this device saw it: in one. */
  async settle(scan, { action, refusal = "", antigen = null }) {
    const { at } = this.clock.now();
    const event = this.#event({ ...scan, action, refusal, antigen });
    const also = action === "let_through" && scan.pass ? (seen) => seen.put(this.#passage(scan, at)) : undefined;
    const gate = this.#gateId();
    if (scan.counter) await this.#queue.amend(scan.counter, event, gate, { also });
    else scan.counter = await this.#queue.append(event, gate, { also });
    return at;
  }

  /** The server let through: this device saw it too. */
  async saw(scan) {
    if (!scan.pass || !scan.direction) return;
    await this.#store.put("seen", this.#passage(scan, this.clock.now().at));
  }

  /** Take back that a scan was let through; throws where that is too long ago. */
  async annul(scan) {
    const { at } = this.clock.now();
    if (at - scan.releasedAt > ANNUL_WITHIN) throw new Error("too late");
    const event = this.#event({ nonce: newNonce(), presented: scan.presented, direction: scan.direction, action: "annulled", annuls: scan.nonce });
    const also = scan.pass ? (seen) => seen.delete([scan.pass, scan.direction]) : undefined;
    await this.#queue.append(event, this.#gateId(), { also });
    return at;
  }

  /** A medical exit: nothing is asked. */
  async medical(nonce) {
    await this.#queue.append(this.#event({ nonce, presented: "", action: "medical" }), this.gate?.id ?? null);
    return this.clock.now().at;
  }

  /** Log what could not be read, once a minute for the same code. */
  async fail(presented, code) {
    const { at } = this.clock.now();
    for (const [text, last] of this.#failed) if (at - last >= FAILED_EVERY) this.#failed.delete(text);
    if (this.#failed.has(presented) || !this.gate) return;
    this.#failed.set(presented, at);
    const answer = { verdict: "red", code, reasons: [code], advice: "refuse" };
    await this.#queue.append(this.#event({ nonce: newNonce(), presented, action: "failed", answer }), this.gate.id);
  }

  /** A scan left the screen with nothing done. */
  letGo(scan) {
    if (scan?.counter) this.#queue.letGo(scan.counter);
  }

  waiting() {
    return this.#queue.waiting(this.gate?.id ?? null);
  }

  /** Fetch what is new; true where the server answered. */
  async refresh() {
    const answered = await this.lists.refresh(this.#link);
    if (answered) await this.#store.dropSeen(this.clock.now().at);
    return answered;
  }

  /** Send what waits, in order; what the guard should know of the answers is kept until he has read it. */
  upload() {
    if (!this.gate) return Promise.resolve(false);
    return this.#queue.upload(this.gate.id, (scans) => this.#link.upload(scans), (results, scans) => this.#hear(results, scans));
  }

  async heard() {
    this.told = [];
    await this.#store.delete("meta", ANNOUNCE);
  }

  async #hear(results, scans) {
    const moments = new Map(scans.map(({ nonce, at }) => [nonce, at]));
    const news = results.filter(({ state, forced, why }) => state === "rejected" || forced || why);
    if (!news.length) return;
    const lines = news.map(({ nonce, state, forced, code, why }) => ({ nonce, at: moments.get(nonce), state, forced, code, why }));
    const known = new Set(lines.map(({ nonce }) => nonce));
    this.told = [...this.told.filter(({ nonce }) => !known.has(nonce)), ...lines];
    await this.#store.put("meta", await this.#seal.close(this.told, ANNOUNCE), ANNOUNCE);
    this.dispatchEvent(new Event("told"));
  }

  #gateId() {
    if (!this.gate) throw new Error("this device has no gate yet");
    return this.gate.id;
  }

  #passage({ pass, direction, until }, at) {
    return { cti: pass, direction, at, until: until ?? at + LIFE };
  }

  /** A scan as it is uploaded (the counter is the queue's). */
  #event({ nonce, presented, direction, action = "checked", answer = {}, refusal = "", antigen = null, annuls = null }) {
    const { at, clock } = this.clock.now();
    return {
      nonce,
      lane: direction ?? this.lane?.direction ?? "out",
      device_at: new Date().toISOString(),
      at: new Date(at * 1000).toISOString(),
      clock,
      presented,
      verdict: answer.verdict ?? "",
      code: answer.code ?? "",
      reasons: answer.reasons ?? [],
      advice: answer.advice ?? "",
      action,
      refusal,
      antigen,
      annuls,
    };
  }
}

/** A random UUID; crypto.randomUUID is for secure contexts only, and a phone on plain http works on line too. */
export function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
