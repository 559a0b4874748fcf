// What an explorable remembers: its values in the page's address, its done tasks in the browser.

/** The values of one explorable in the address: #sqs_polling.consumers=3&sqs_polling.wait_time_s=20
 *
 * Several explorables share the address, each under its own slug. Only what differs from the start
 * is written.
 */
export class Link {
  constructor(slug, { start, rest }) {
    this.prefix = `${slug}.`;
    this.start = start;
    this.rest = rest;
  }

  #parts() {
    return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  }

  isHere() {
    return location.hash.includes(this.prefix);
  }

  /** The values that the address gives; what it says in vain is left out. */
  read() {
    const values = {};
    for (const [key, text] of this.#parts()) {
      const name = key.slice(this.prefix.length);
      if (!key.startsWith(this.prefix) || !(name in this.rest)) continue;
      const kind = typeof this.rest[name];
      values[name] = kind === "number" ? Number(text) : kind === "boolean" ? text === "true" : text;
    }
    return values;
  }

  write(values) {
    const parts = this.#parts();
    for (const [name, value] of Object.entries(values)) {
      if (value === this.start[name]) parts.delete(this.prefix + name);
      else parts.set(this.prefix + name, value);
    }
    const hash = parts.size ? `#${parts}` : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  }
}

/** The ids of the tasks that this reader has done; kept in this browser and sent nowhere. */
export function keepTasks(slug) {
  const key = `labkit.explorable.${slug}`;
  let ids = [];
  try {
    ids = JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    // no storage, or not ours: ticks last as long as the page
  }
  return {
    has: (id) => ids.includes(id),
    add(id) {
      if (ids.includes(id)) return;
      ids.push(id);
      try {
        localStorage.setItem(key, JSON.stringify(ids));
      } catch {
        // the same
      }
    },
  };
}
