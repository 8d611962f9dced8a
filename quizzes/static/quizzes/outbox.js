/*
 * Answers on their way to the server. An answer stays here, and in localStorage, until the server has it:
 * through lost connections, reloads and a closed browser.
 *
 * Revisions: an answer says which revision its window knew. The server refuses one that missed a newer answer
 * from another window (409). An answer given just now then goes out again and wins, as it is the later one;
 * one that waited offline does not, and the newer answer is shown instead.
 */
const RETRY_FIRST = 1000; // milliseconds
const RETRY_LAST = 30000;

export class Outbox {
  /**
   * @param {string} prefix of the localStorage keys, one per attempt
   * @param {(item: string, value: string, revision: number) => Promise<Response>} send
   * @param {(item: string, state: string, detail: object) => void} report states: saving, saved, conflict,
   *   refused, closed, offline, signed-out
   */
  constructor(prefix, send, report) {
    this.prefix = prefix;
    this.send = send;
    this.report = report;
    this.entries = new Map();
    this.flying = new Map();
    this.delay = RETRY_FIRST;
    window.addEventListener("online", () => this.flush());
  }

  /** What an earlier visit could not send: item -> value. */
  restore() {
    const found = new Map();
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.prefix)) continue;
      try {
        const entry = JSON.parse(localStorage.getItem(key));
        if (typeof entry.value !== "string" || !Number.isInteger(entry.base)) throw new TypeError("not an entry");
        const item = key.slice(this.prefix.length);
        this.entries.set(item, { ...entry, fresh: false });
        found.set(item, entry.value);
      } catch {
        localStorage.removeItem(key);
      }
    }
    return found;
  }

  /** Takes an answer; `base` is the revision that this window knows. */
  put(item, value, base) {
    this.keep(item, { value, base, fresh: true });
    return this.deliver(item);
  }

  keep(item, entry) {
    this.entries.set(item, entry);
    try {
      localStorage.setItem(this.prefix + item, JSON.stringify({ value: entry.value, base: entry.base }));
    } catch {
      // Private windows may have no storage: the answer is still in memory and on its way.
    }
  }

  drop(item, entry) {
    if (this.entries.get(item) !== entry) return; // a newer answer took its place meanwhile
    this.entries.delete(item);
    try {
      const kept = JSON.parse(localStorage.getItem(this.prefix + item));
      if (kept?.value === entry.value) localStorage.removeItem(this.prefix + item);
    } catch {
      localStorage.removeItem(this.prefix + item);
    }
  }

  /** Sends all that waits; resolves to whether nothing waits any more. */
  async flush() {
    await Promise.all([...this.entries.keys()].map((item) => this.deliver(item)));
    return this.entries.size === 0;
  }

  /** One request at a time per item; the newest answer follows the one under way. */
  deliver(item) {
    if (!this.flying.has(item)) {
      this.flying.set(item, this.work(item).finally(() => this.flying.delete(item)));
    }
    return this.flying.get(item);
  }

  async work(item) {
    while (this.entries.has(item)) {
      const entry = this.entries.get(item);
      this.report(item, "saving", {});
      let response;
      try {
        response = await this.send(item, entry.value, entry.base);
      } catch {
        return this.later(item, entry, "offline");
      }
      if (response.type === "opaqueredirect" || response.status === 403) return this.later(item, entry, "signed-out");
      if (response.status >= 500 || response.status === 429) return this.later(item, entry, "offline");
      await this.settle(item, entry, response);
    }
    return undefined;
  }

  async settle(item, entry, response) {
    const body = await response.json().catch(() => ({}));
    this.delay = RETRY_FIRST;
    const next = this.entries.get(item);
    if (response.ok) {
      if (next !== entry) next.base = body.revision;
      this.drop(item, entry);
      this.report(item, "saved", body);
    } else if (response.status === 409 && (entry.fresh || next !== entry)) {
      next.base = body.revision;
      next.fresh = false;
    } else {
      this.drop(item, entry);
      const states = { 409: "conflict", 422: "refused" };
      this.report(item, states[response.status] ?? "closed", body);
    }
  }

  later(item, entry, state) {
    entry.fresh = false;
    this.report(item, state, {});
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.delay);
    this.delay = Math.min(2 * this.delay, RETRY_LAST);
  }
}
