// What a gate needs to judge by itself: the package, the signed key list, the signed status lists. Raw bytes are
// kept and proven again whenever they are taken up; what is older than what is here, or not signed as it must be,
// is never taken.
import { NotGenuine, openKeyList } from "./check/keys.js";
import { openStatusList } from "./check/status.js";

const APART = 1800; // s: lists of a server's several processes differ in age by less; more is somebody's replay
const SKEW = 60; // s: the server's lists may be that much younger than our estimate of its time

export class Lists {
  package = null;
  keys = null;
  /** What was not taken, by its address: "not_genuine", "older", "unreadable". */
  problems = new Map();
  #store;
  #clock;
  #etag = "";
  #keyList = null; // {bytes, issuedAt, etag}
  #status = new Map(); // uri -> {list, bytes, issuedAt, etag}

  constructor(store, clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Take up what was kept from before. Nothing of it is believed unproven. */
  async load() {
    const kept = await this.#store.get("meta", "package");
    if (!kept) return;
    this.package = kept.package;
    this.#etag = kept.etag;
    const keyList = await this.#store.get("meta", "keys");
    if (keyList) await this.#takeKeys(keyList, keyList.issuedAt);
    for (const { uri } of this.package.status_lists) {
      const list = await this.#store.get("lists", uri);
      if (list) await this.#takeStatus(uri, list, list.issuedAt);
    }
  }

  /** Ask the server for what is new. True where the package came or stands; lists are tried one by one. */
  async refresh(link) {
    const response = await link.get("/gate/package", this.#etag);
    if (!response) return false;
    const told = Date.parse(response.headers.get("Resume-Time") ?? "");
    if (Number.isNaN(told)) return false; // somebody else answered for the server
    await this.#clock.sync(told);
    link.csrf = response.headers.get("Resume-Token") ?? link.csrf;
    if (response.status !== 304 && !(await this.#takePackage(response))) return false;
    await this.#refreshKeys(link);
    for (const { uri, url } of this.package.status_lists) await this.#refreshStatus(link, uri, url);
    return true;
  }

  /** The status of a pass as of its list, or null: "active", "suspended", "revoked". */
  statusOf(claims) {
    return this.#status.get(claims.status_uri)?.list.statusAt(claims.status_idx) ?? null;
  }

  /** When the list that speaks of a pass was made, and not a second later than `at` for a small skew. */
  asOf(claims, at) {
    const issued = this.#status.get(claims.status_uri)?.issuedAt;
    return issued === undefined ? null : issued > at && issued <= at + SKEW ? at : issued;
  }

  /** When the oldest of all that is needed was made (s); null where something is missing. */
  get issuedAt() {
    if (!this.keys || !this.package) return null;
    const moments = this.package.status_lists.map(({ uri }) => this.#status.get(uri)?.issuedAt);
    return moments.includes(undefined) ? null : Math.min(this.#keyList.issuedAt, ...moments);
  }

  /** "green", "amber" or "none": what a gate may do with lists of this age; unknown and doubtful are never green. */
  freshness({ at, clock }) {
    if (this.issuedAt === null) return { level: "amber", age: null };
    const { green_seconds, release_seconds } = this.package.freshness;
    const age = Math.max(0, at - this.issuedAt);
    if (age > release_seconds) return { level: "none", age };
    const isFresh = age <= green_seconds && clock === "good" && this.issuedAt <= at + SKEW;
    return { level: isFresh ? "green" : "amber", age };
  }

  async #takePackage(response) {
    try {
      const { csrf: _csrf, server_time: _time, ...found } = await response.json();
      if (!found.gate || !found.lanes?.length || !found.issuer) return false;
      this.package = found;
      this.#etag = response.headers.get("ETag") ?? "";
      await this.#store.put("meta", { package: found, etag: this.#etag }, "package");
      return true;
    } catch (error) {
      console.error("the package cannot be read", error);
      return false;
    }
  }

  async #refreshKeys(link) {
    const fresh = await this.#fresh(link, this.package.key_list, this.#keyList?.etag);
    if (!fresh) return;
    const issuedAt = await this.#takeKeys(fresh, this.#clock.now().at + SKEW);
    if (issuedAt === null) return;
    await this.#store.put("meta", { ...fresh, issuedAt }, "keys");
    await this.#proveAgain();
  }

  /** A list whose key is trusted no more goes with it. */
  async #proveAgain() {
    for (const [uri, kept] of [...this.#status]) {
      this.#status.delete(uri);
      if ((await this.#takeStatus(uri, kept, kept.issuedAt)) === null) await this.#store.delete("lists", uri);
    }
  }

  async #refreshStatus(link, uri, url) {
    if (!this.keys) return;
    const fresh = await this.#fresh(link, url, this.#status.get(uri)?.etag);
    if (!fresh) return;
    const issuedAt = await this.#takeStatus(uri, fresh, this.#clock.now().at + SKEW);
    if (issuedAt !== null) await this.#store.put("lists", { ...fresh, issuedAt }, uri);
  }

  async #fresh(link, url, etag) {
    const response = await link.get(url, etag);
    if (!response || response.status === 304) return null;
    return { bytes: new Uint8Array(await response.arrayBuffer()), etag: response.headers.get("ETag") ?? "" };
  }

  #takeKeys(kept, at) {
    const { anchor, issuer } = this.package;
    return this.#take("keys", this.#keyList, async () => {
      const { keys, issuedAt } = await openKeyList(kept.bytes, anchor, { issuer, at });
      return [issuedAt, () => {
        this.keys = keys;
        this.#keyList = { ...kept, issuedAt };
      }];
    });
  }

  #takeStatus(uri, kept, at) {
    if (!this.keys) return null;
    return this.#take(uri, this.#status.get(uri), async () => {
      const list = await openStatusList(kept.bytes, this.keys, { uri, at });
      return [list.issuedAt, () => this.#status.set(uri, { ...kept, list, issuedAt: list.issuedAt })];
    });
  }

  /** Prove with `open` and take; what it says of its time (s), or null where it is not taken. */
  async #take(name, current, open) {
    try {
      const [issuedAt, take] = await open();
      if (current && issuedAt < current.issuedAt) {
        return current.issuedAt - issuedAt > APART ? this.#refuse(name, "older") : null;
      }
      take();
      this.problems.delete(name);
      return issuedAt;
    } catch (error) {
      return this.#refuse(name, error instanceof NotGenuine ? "not_genuine" : "unreadable", error);
    }
  }

  #refuse(name, why, error = "") {
    this.problems.set(name, why);
    console.warn("a list was not taken", name, why, String(error));
    return null;
  }
}
