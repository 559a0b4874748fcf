// What an explorable remembers: its values in the page's address, its done tasks in the browser.

const PACKED = "-"; // no control is called that
const TEXTS_MAX = 100_000; // characters; more is no link of ours

/** The values of one explorable in the address: #sqs_polling.consumers=3&sqs_polling.wait_time_s=20
 *
 * Several explorables share the address, each under its own slug. Only what differs from the start
 * is written. Texts are packed together, under one name that no control can have.
 */
export class Link {
  #turn = 0;

  constructor(slug, { start, rest, texts }) {
    this.prefix = `${slug}.`;
    this.start = start;
    this.rest = rest;
    this.texts = texts;
  }

  #parts() {
    return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  }

  isHere() {
    return location.hash.includes(this.prefix);
  }

  /** The values that the address gives; what it says in vain is left out. */
  async read() {
    const values = {};
    for (const [key, text] of this.#parts()) {
      const name = key.slice(this.prefix.length);
      if (!key.startsWith(this.prefix)) continue;
      if (name === PACKED) Object.assign(values, JSON.parse(await unpack(text)));
      if (!(name in this.rest)) continue;
      const kind = typeof this.rest[name];
      values[name] = kind === "number" ? Number(text) : kind === "boolean" ? text === "true" : text;
    }
    return values;
  }

  async write(values) {
    const turn = ++this.#turn;
    const texts = this.texts.filter((name) => values[name] !== this.start[name]);
    const packed = texts.length && (await pack(JSON.stringify(values, texts)));
    if (turn !== this.#turn) return; // the values have changed meanwhile
    const parts = this.#parts();
    if (packed) parts.set(this.prefix + PACKED, packed);
    else parts.delete(this.prefix + PACKED);
    for (const [name, value] of Object.entries(values)) {
      if (this.texts.includes(name)) continue;
      if (value === this.start[name]) parts.delete(this.prefix + name);
      else parts.set(this.prefix + name, value);
    }
    const hash = parts.size ? `#${parts}` : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  }
}

/** The text made short, in letters that an address can carry. */
async function pack(text) {
  const short = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(short).arrayBuffer());
  const letters = btoa(String.fromCharCode(...bytes));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpack(packed) {
  const bytes = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
  const short = new Blob([Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))]).stream();
  const long = short.pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = long.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = {}; !piece.done && text.length < TEXTS_MAX; text += piece.value ?? "") {
    piece = await reader.read();
  }
  return text;
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
