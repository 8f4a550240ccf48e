// Whether the server answers, and asking it with little patience: a queue of two hundred waits behind each scan.
const PATIENCE = [1500, 500]; // ms for an answer: as a rule, and after one that did not come; then not asked at all
const LONGEST = 12_000; // ms after which a request is given up
const PROBE = 20_000; // ms for the package, which nobody waits for

export class Link extends EventTarget {
  /**
   * "online": the server answers. "offline": it does not. "signed_out": it does, but knows nobody here. "ended": this
   * phone was enrolled, and is no more.
   */
  state = "online";
  csrf = "";
  #failures = 0;

  /** ms to wait for an answer before the device judges by itself; 0: do not ask, the probe will find out. */
  get patience() {
    return navigator.onLine === false ? 0 : (PATIENCE[this.#failures] ?? 0);
  }

  /** POST a form and read the fragment that answers: {status, html}, or null where nothing usable came. */
  async post(address, fields) {
    const response = await this.#send(address, new URLSearchParams(fields));
    if (!response) return null;
    const html = await response.text().catch(() => "");
    return { status: response.status, html };
  }

  /** POST scans: the server's results; null without an answer; "refused" where it will not take them so. */
  async upload(scans) {
    const response = await this.#send("/gate/scans", JSON.stringify({ scans }), "application/json");
    if (!response) return null;
    if (response.status === 200) return this.#results(response);
    return [400, 413, 422].includes(response.status) ? "refused" : null;
  }

  async #results(response) {
    try {
      const { results } = await response.json();
      return results.filter(({ nonce, state }) => nonce && ["kept", "known", "rejected"].includes(state));
    } catch {
      return null;
    }
  }

  /** GET with an etag: the response (304 too), or null. */
  async get(address, etag) {
    const headers = etag ? { "If-None-Match": etag } : {};
    const response = await this.#fetch(address, { headers, cache: "no-store" }, PROBE);
    return response && (response.ok || response.status === 304) ? response : null;
  }

  async #send(address, body, type = "application/x-www-form-urlencoded") {
    const ask = () =>
      this.#fetch(address, {
        method: "POST",
        body,
        headers: { "Content-Type": type, "HX-Request": "true", "X-CSRFToken": this.csrf },
      }, LONGEST);
    const response = await ask();
    const fresh = response?.status === 400 ? tokenOf(response) : "";
    if (!fresh) return response;
    this.csrf = fresh; // of a new sign-in, or because the page has been open for long: nothing was done yet
    return ask();
  }

  async #fetch(address, options, limit) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), limit);
    try {
      const response = await fetch(address, { ...options, redirect: "manual", signal: giveUp.signal });
      const nobody = response.type === "opaqueredirect" || response.status === 401 || response.headers.has("HX-Redirect");
      if (nobody) this.#be(response.headers.get("X-Refusal") === "device_ended" ? "ended" : "signed_out");
      else if (response.status >= 500 || response.status === 429) this.failed();
      else this.#be("online");
      return this.state === "online" ? response : null;
    } catch {
      this.failed();
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** An answer did not come, or not in time. */
  failed() {
    this.#failures += 1;
    this.#be("offline");
  }

  #be(state) {
    if (state === "online") this.#failures = 0;
    if (state === "signed_out" || state === "ended") this.#failures = PATIENCE.length;
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

function tokenOf(response) {
  try {
    return JSON.parse(response.headers.get("HX-Trigger") ?? "{}").csrf?.token ?? "";
  } catch {
    return "";
  }
}
