// One IndexedDB of the device: its kinds of rows, and transactions that tell what they wrote.
//
//   meta    package, key list, clock, counter, lane, what is to be told, the sealing key
//   lists   address -> one raw status list, and when it was issued
//   seen    pass id and direction -> when this device let it through, kept as long as the pass may live
//   queue   counter -> one sealed scan that waits to be uploaded
const VERSION = 1;
export const KINDS = ["meta", "lists", "seen", "queue"];

export class Database {
  #db;

  constructor(db) {
    this.#db = db;
  }

  /** Open the database of this name, made where there is none. Throws where the browser keeps none. */
  static async open(factory, name) {
    const asked = factory.open(name, VERSION);
    asked.onupgradeneeded = () => {
      for (const kind of ["meta", "lists"]) asked.result.createObjectStore(kind);
      asked.result.createObjectStore("seen", { keyPath: ["cti", "direction"] }).createIndex("until", "until");
      asked.result.createObjectStore("queue", { keyPath: "counter" });
    };
    const db = await done(asked);
    db.onversionchange = () => db.close();
    return new Database(db);
  }

  /** What `ask(rows)` asks of the rows of one kind. */
  read(kind, ask) {
    return done(ask(this.#db.transaction(kind).objectStore(kind)));
  }

  /** Every row, as what would write it: [{kind, value, key}]. */
  async everything() {
    const transaction = this.#db.transaction(KINDS);
    const of = async (kind) => {
      const rows = transaction.objectStore(kind);
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      return values.map((value, place) => ({ kind, value, key: rows.keyPath === null ? keys[place] : undefined }));
    };
    return (await Promise.all(KINDS.map(of))).flat();
  }

  /**
   * One transaction: `act(rows)` may read and write rows of a kind, or `act({queue, seen})` of several kinds at once.
   * Resolves when all of it is written, to what was: [{kind, value, key}], or without a value where a row was deleted.
   * "strict": it is on the disk then; "relaxed": with the system, which outlives the browser.
   */
  write(kinds, act, durability = "strict") {
    return new Promise((resolve, reject) => {
      const written = [];
      const transaction = this.#db.transaction(kinds, "readwrite", { durability });
      transaction.oncomplete = () => resolve(written);
      transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
      const rows = (kind) => new Rows(transaction.objectStore(kind), written);
      act(Array.isArray(kinds) ? Object.fromEntries(kinds.map((kind) => [kind, rows(kind)])) : rows(kinds));
    });
  }
}

/** The rows of one kind inside a transaction. */
class Rows {
  #rows;
  #written;

  constructor(rows, written) {
    this.#rows = rows;
    this.#written = written;
  }

  get(key) {
    return this.#rows.get(key);
  }

  /** Keys of the rows whose `index` is at most `limit`. */
  keysUpTo(index, limit) {
    return this.#rows.index(index).getAllKeys(IDBKeyRange.upperBound(limit));
  }

  put(value, key) {
    this.#written.push({ kind: this.#rows.name, value, key });
    return this.#rows.put(value, key);
  }

  delete(key) {
    this.#written.push({ kind: this.#rows.name, key });
    return this.#rows.delete(key);
  }

  clear() {
    return this.#rows.clear();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the store is in use by an older page"));
  });
}
