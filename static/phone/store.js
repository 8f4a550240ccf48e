// What this phone keeps: the pass (its token, what it says, the last word of the server) and the key that cannot
// be taken out of it. In IndexedDB, for nothing else holds a key; "remove" deletes all of it.
const NAME = "resume-phone";
const SHELF = "kept";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}

async function inTransaction(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(SHELF, mode);
      const asked = work(transaction.objectStore(SHELF));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const read = (name) => inTransaction("readonly", (shelf) => shelf.get(name));

/** Stores every [name, value] or none of them; a value undefined is taken away. */
export function write(values) {
  return inTransaction("readwrite", (shelf) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) shelf.delete(name);
      else shelf.put(value, name);
    }
  });
}

export function wipe() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = () => resolve();
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => resolve(); // another tab holds it open; it goes when that one is closed
  });
}
