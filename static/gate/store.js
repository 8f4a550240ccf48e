// What the device keeps (IndexedDB), and the key that seals what is personal of it.
//
//   meta    package, key list, clock, counter, lane, what is to be told, the sealing key
//   lists   address -> one raw status list, and when it was issued
//   seen    pass id and direction -> when this device let it through, kept as long as the pass may live
//   queue   counter -> one sealed scan that waits to be uploaded
const NAME = "resume-gate";
const VERSION = 1;
const DURABLE = { durability: "strict" }; // on the disk when it is said to be written

export class Store {
  #db;

  constructor(db) {
    this.#db = db;
  }

  /** Open the device's store. Throws where the browser keeps none. */
  static async open(name = NAME) {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => {
      for (const kind of ["meta", "lists"]) asked.result.createObjectStore(kind);
      asked.result.createObjectStore("seen", { keyPath: ["cti", "direction"] }).createIndex("until", "until");
      asked.result.createObjectStore("queue", { keyPath: "counter" });
    };
    const db = await done(asked);
    db.onversionchange = () => db.close();
    return new Store(db);
  }

  get(kind, key) {
    return done(this.#db.transaction(kind).objectStore(kind).get(key));
  }

  all(kind, limit) {
    return done(this.#db.transaction(kind).objectStore(kind).getAll(null, limit));
  }

  keys(kind) {
    return done(this.#db.transaction(kind).objectStore(kind).getAllKeys());
  }

  count(kind) {
    return done(this.#db.transaction(kind).objectStore(kind).count());
  }

  put(kind, value, key) {
    return this.change(kind, (rows) => rows.put(value, key));
  }

  delete(kind, ...keys) {
    return this.change(kind, (rows) => keys.forEach((key) => rows.delete(key)));
  }

  /**
   * One transaction: `act(rows)` may read and write rows of a kind, or `act({queue, seen})` of several kinds at once.
   * Resolves when all of it is on the disk.
   */
  change(kinds, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction(kinds, "readwrite", DURABLE);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
      const rows = (kind) => transaction.objectStore(kind);
      act(Array.isArray(kinds) ? Object.fromEntries(kinds.map((kind) => [kind, rows(kind)])) : rows(kinds));
    });
  }

  /** What this device let through of a pass: [{direction, at}]. */
  async seen(cti) {
    const rows = await done(
      this.#db.transaction("seen").objectStore("seen").getAll(IDBKeyRange.bound([cti, ""], [cti, "\uffff"])),
    );
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
      rows.index("until").openCursor(IDBKeyRange.upperBound(before)).onsuccess = ({ target }) => {
        if (!target.result) return;
        target.result.delete();
        target.result.continue();
      };
    });
  }
}

/** Seals and opens with a key that cannot leave this browser. */
export class Seal {
  #key;

  constructor(key) {
    this.#key = key;
  }

  static async of(store) {
    const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    let key = fresh;
    // Two windows may come here at once: the first one's key stays.
    await store.change("meta", (rows) => {
      rows.get("seal").onsuccess = ({ target }) => {
        if (target.result) key = target.result;
        else rows.put(fresh, "seal");
      };
    });
    return new Seal(key);
  }

  /** `label` binds what is sealed to its place: under another label it does not open. */
  async close(value, label) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = new TextEncoder().encode(JSON.stringify(value));
    return { iv, box: await crypto.subtle.encrypt(how(iv, label), this.#key, data) };
  }

  async open({ iv, box }, label) {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how(iv, label), this.#key, box)));
  }
}

function how(iv, label) {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(label) };
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the store is in use by an older page"));
  });
}
