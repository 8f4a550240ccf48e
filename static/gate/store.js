// What the device keeps, and keeps twice: Chromium finds out a start too late that a flat battery tore a write, and
// drops the whole database. A second one, in a storage bucket of its own, gets every write after the first has it, so
// that at most one of them is torn (docs/adr/0031-the-device-keeps-twice.md).
import { Database, KINDS } from "./database.js";

const NAME = "resume-gate";
const SPARE = "resume-gate"; // the bucket
const WHOLE = "whole"; // in meta of a first database that has had everything the second one saved

export class Store {
  #main;
  #spare;

  constructor(main, spare) {
    this.#main = main;
    this.#spare = spare;
  }

  /** Open the device's store, mended from its spare where the browser lost it. Throws where the browser keeps none. */
  static async open(name = NAME) {
    const store = new Store(await Database.open(indexedDB, name), await openSpare(name));
    if (store.#spare) await store.#mend();
    return store;
  }

  get(kind, key) {
    return this.#main.read(kind, (rows) => rows.get(key));
  }

  all(kind) {
    return this.#main.read(kind, (rows) => rows.getAll());
  }

  put(kind, value, key) {
    return this.change(kind, (rows) => rows.put(value, key));
  }

  delete(kind, ...keys) {
    return this.change(kind, (rows) => keys.forEach((key) => rows.delete(key)));
  }

  /** One transaction, as of Database.write. Resolves when all of it is on the disk. */
  async change(kinds, act) {
    const written = await this.#main.write(kinds, act);
    if (written.length) await this.#repeat(written, "relaxed"); // lost with a power cut, it is copied at the next start
  }

  /** What this device let through of a pass: [{direction, at}]. */
  async seen(cti) {
    const rows = await this.#main.read("seen", (seen) => seen.getAll(IDBKeyRange.bound([cti, ""], [cti, "\uffff"])));
    return rows.sort((one, other) => one.at - other.at);
  }

  /** The next number of this device: never given twice, whatever happens after it was given. */
  async nextCounter() {
    let counter = 0;
    await this.change("meta", (rows) => {
      rows.get("counter").onsuccess = ({ target }) => {
        counter = (target.result ?? 0) + 1;
        rows.put(counter, "counter");
      };
    });
    return counter;
  }

  /** Forget trips of passes that have ended. */
  dropSeen(before) {
    return this.change("seen", (rows) => {
      rows.keysUpTo("until", before).onsuccess = ({ target }) => target.result.forEach((key) => rows.delete(key));
    });
  }

  /** Bring both to the same: what is new may have been lost, what is whole counts. */
  async #mend() {
    try {
      if (!(await this.get("meta", WHOLE))) {
        const saved = await this.#spare.everything();
        await this.#main.write(KINDS, (rows) => replay(rows, [...saved, { kind: "meta", value: true, key: WHOLE }]));
      }
    } catch (error) {
      this.#spare = warn(error); // nothing is written over it, and the next start tries again
      return;
    }
    await this.#repeat(await this.#main.everything(), "strict", { anew: true });
  }

  /** Write to the spare what the store has. A spare that fails is no reason to lose what is kept. */
  async #repeat(written, durability, { anew = false } = {}) {
    const act = (rows) => {
      if (anew) KINDS.forEach((kind) => rows[kind].clear());
      replay(rows, written);
    };
    await this.#spare?.write(KINDS, act, durability).catch(warn);
  }
}

async function openSpare(name) {
  try {
    const bucket = await navigator.storageBuckets?.open(SPARE, { persisted: true });
    return bucket && (await Database.open(bucket.indexedDB, name));
  } catch (error) {
    return warn(error);
  }
}

function replay(rows, written) {
  for (const { kind, value, key } of written) {
    if (value === undefined) rows[kind].delete(key);
    else rows[kind].put(value, key);
  }
}

function warn(error) {
  console.warn("the device's store is kept once only", error);
}
