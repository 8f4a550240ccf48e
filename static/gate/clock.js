// The device's estimate of the time that counts: the last time the server said, and what has passed since.
//
// In one page both clocks tell what has passed: the steady one (performance.now), which nobody can set but which
// may stand still while the phone sleeps, and the phone's own (Date.now), which goes on but can be set. The later
// of the two counts, so that lists and passes never seem younger than they are. After a reload or a restart only
// the phone's own clock is left. Where it went back, or so far ahead that no shift explains it, or ahead while the
// page was in sight all the time (nobody sleeps then), the time is "doubtful": a gate then gives no green.
const SLACK = 30_000; // ms: how far the two may be apart without meaning anything
const FAR = 12 * 3600_000; // ms: a phone asleep for longer begins its day on line
const NOTE_EVERY = 10_000; // ms between two notes on the disk

export class DeviceClock {
  #store;
  #note = null; // {server, wall, steady, doubt, synced}: the time at one moment, by all clocks; ms
  #hidden = false; // whether the page was out of sight since the note
  #saved = 0;
  #wall;
  #steady;

  constructor(store, { wall = () => Date.now(), steady = () => performance.now() } = {}) {
    this.#store = store;
    this.#wall = wall;
    this.#steady = steady;
  }

  /** Take up what was noted before this page was loaded. */
  async resume() {
    const kept = await this.#store?.get("meta", "clock");
    if (!kept) return;
    const passed = this.#wall() - kept.wall;
    const doubt = kept.doubt || passed < -SLACK || passed > FAR;
    this.#note = { server: kept.server + Math.max(0, passed), wall: this.#wall(), steady: this.#steady(), doubt };
  }

  /** The server said what time it is (ms). Its word ends every doubt. */
  async sync(server) {
    this.#note = { server, wall: this.#wall(), steady: this.#steady(), doubt: false };
    this.#hidden = false;
    await this.#save();
  }

  /** Called every few seconds: moves the note on, so that a jump is seen when it happens. */
  async tick() {
    if (!this.#note) return;
    const { at, doubt } = this.#estimate();
    this.#note = { server: at, wall: this.#wall(), steady: this.#steady(), doubt };
    this.#hidden = document.hidden;
    if (doubt || this.#steady() - this.#saved > NOTE_EVERY) await this.#save();
  }

  /** The page went out of sight: the phone may sleep from now on. */
  async hide() {
    this.#hidden = true;
    if (this.#note) await this.#save();
  }

  /** The estimate in whole seconds since 1970, and "good" or "doubtful"; before any server's word doubtful. */
  now() {
    if (!this.#note) return { at: Math.floor(this.#wall() / 1000), clock: "doubtful" };
    const { at, doubt } = this.#estimate();
    return { at: Math.floor(at / 1000), clock: doubt ? "doubtful" : "good" };
  }

  #estimate() {
    const { server, wall, steady, doubt } = this.#note;
    const byWall = this.#wall() - wall;
    const bySteady = this.#steady() - steady;
    const ahead = byWall - bySteady;
    const jumped = ahead < -SLACK || ahead > FAR || (ahead > SLACK && !this.#hidden);
    // A clock that was set ahead in sight tells nothing; one that ran on in the dark does.
    const passed = ahead > SLACK && this.#hidden ? byWall : bySteady;
    return { at: server + Math.max(0, passed), doubt: doubt || jumped };
  }

  async #save() {
    this.#saved = this.#steady();
    const { at, doubt } = this.#estimate();
    await this.#store?.put("meta", { server: at, wall: this.#wall(), doubt }, "clock");
  }
}
