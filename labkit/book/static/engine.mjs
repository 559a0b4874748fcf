// The page's end of worker.mjs.

/** The worker of one explorable and of the libraries it stands on. It boots when it is made. */
export class Engine {
  #asked = new Map();
  #count = 0;

  constructor(slug, libraries) {
    const address = new URL("./worker.mjs", import.meta.url);
    address.search = new URLSearchParams({ slug, libraries });
    this.worker = new Worker(address, { type: "module" });
    this.worker.onmessage = ({ data: { id, shown, problem } }) => {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (problem === undefined) resolve(shown);
      else reject(new Error(problem));
    };
    this.worker.onerror = () => {
      for (const { reject } of this.#asked.values()) reject(new Error("Its engine did not load."));
    };
  }

  /** The JSON text of what the explorable shows for `values`. */
  compute(values) {
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.worker.postMessage({ id, values });
    });
  }
}
