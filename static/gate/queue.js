// Scans that wait to be uploaded: sealed one by one, in the order of the device's counter, taken off only when
// the server has answered them. Nothing here is about screens, so that it can be tried on its own.
const AT_ONCE = 100; // scans of one upload, as the server takes them

export class Queue {
  #store;
  #seal;
  #held = new Set(); // counters of scans that are still on the screen
  #uploading = null;

  /** `store` a Store, `seal` a Seal. */
  constructor(store, seal) {
    this.#store = store;
    this.#seal = seal;
  }

  /**
   * Write one scan (without its counter) for a gate; its counter, once it is on the disk. `also(seen)` writes to what
   * this device saw in the same transaction. A held scan is not uploaded yet: it may still become something else.
   */
  async append(scan, gate, { held = false, also } = {}) {
    const counter = await this.#store.nextCounter();
    if (held) this.#held.add(counter);
    await this.#write({ ...scan, counter }, gate, also);
    return counter;
  }

  /** Write what became of a held scan; on the disk when this resolves. It stays held where nothing was done yet. */
  async amend(counter, scan, gate, { held = false, also } = {}) {
    if (!this.#held.has(counter)) throw new Error("this scan has left the screen");
    await this.#write({ ...scan, counter }, gate, also);
    if (!held) this.#held.delete(counter);
  }

  /** A scan left the screen as it was. */
  letGo(counter) {
    this.#held.delete(counter);
  }

  /** How many wait: of this gate, and of another one this phone stood at before. */
  async waiting(gate) {
    const rows = await this.#store.all("queue");
    const own = rows.filter((row) => row.gate === gate).length;
    return { own, foreign: rows.length - own, stuck: rows.filter((row) => row.stuck).length };
  }

  /**
   * Upload what waits for `gate`, in order, `send(scans)` a batch at a time. `send` gives the server's results,
   * null where it did not answer, or "refused" where it will not take this batch as it stands; `heard(results)`
   * is told of each answered batch. True where nothing is left to send. Calls at once are one.
   */
  upload(gate, send, heard = () => {}) {
    this.#uploading ??= this.#upload(gate, send, heard).finally(() => (this.#uploading = null));
    return this.#uploading;
  }

  async #upload(gate, send, heard) {
    let size = AT_ONCE;
    for (;;) {
      const batch = await this.#batch(gate, size);
      if (!batch.length) return true;
      const results = await send(batch);
      if (results === null) return false;
      if (results === "refused") {
        // One scan must not hold up the others: find it by halves, and set it aside.
        if (batch.length === 1) await this.#setAside(batch[0].counter);
        size = Math.max(1, Math.floor(batch.length / 2));
        continue;
      }
      const answered = new Set(results.map((result) => result.nonce));
      const gone = batch.filter((scan) => answered.has(scan.nonce));
      if (!gone.length) return false;
      // Told first: killed in between, it is sent again and answered as known.
      await heard(results, gone);
      await this.#store.delete("queue", ...gone.map((scan) => scan.counter));
      size = AT_ONCE;
    }
  }

  async #batch(gate, size) {
    const batch = [];
    for (const row of await this.#store.all("queue")) {
      if (batch.length === size || this.#held.has(row.counter)) break;
      if (row.gate !== gate || row.stuck) continue;
      try {
        batch.push(await this.#seal.open(row, label(row.counter)));
      } catch (error) {
        console.error("a waiting scan cannot be opened", row.counter, error);
        await this.#setAside(row.counter);
      }
    }
    return batch;
  }

  async #write(scan, gate, also = () => {}) {
    const sealed = await this.#seal.close(scan, label(scan.counter));
    await this.#store.change(["queue", "seen"], ({ queue, seen }) => {
      queue.put({ counter: scan.counter, gate, ...sealed });
      also(seen);
    });
  }

  #setAside(counter) {
    return this.#store.change("queue", (rows) => {
      rows.get(counter).onsuccess = ({ target }) => target.result && rows.put({ ...target.result, stuck: true });
    });
  }
}

function label(counter) {
  return `queue:${counter}`;
}
