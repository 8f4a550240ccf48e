// Seals what is personal of the device's store, and opens it, with a key that cannot leave this browser.
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
