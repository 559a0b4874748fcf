// Runs an explorable's Python on MicroPython, away from the page.
//
// The worker's address names the explorable and the libraries that it stands on:
// worker.mjs?slug=iam_evaluation&libraries=policy. A message {id, values} is answered by
// {id, shown}, the JSON text of all that the page shows, or by {id, problem}.

import { loadMicroPython } from "./vendor/micropython/micropython.mjs";

const asked = new URL(self.location.href).searchParams;
const slug = asked.get("slug");
const libraries = asked.get("libraries").split(" ").filter(Boolean);
const face = boot();

async function boot() {
  const bundles = ["core", ...libraries.map((name) => `library-${name}`), slug];
  const [python, ...files] = await Promise.all([
    loadMicroPython(),
    ...bundles.map((name) => fetchFiles(`explorables/${name}.json`)),
  ]);
  for (const [path, text] of files.flatMap(Object.entries)) {
    python.FS.mkdirTree?.(`/book/${path}`.replace(/\/[^/]*$/, ""));
    python.FS.writeFile(`/book/${path}`, text);
  }
  python.runPython("import sys; sys.path.insert(0, '/book')");
  return python.pyimport("face");
}

async function fetchFiles(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name} is not there (${response.status})`);
  return response.json();
}

/** The last line of a Python traceback, without the exception's class. */
function problemOf(error) {
  const line = error.message.trim().split("\n").pop();
  return line.replace(/^\w+: /, "");
}

self.onmessage = async ({ data: { id, values } }) => {
  try {
    const shown = (await face).compute(slug, JSON.stringify(values));
    self.postMessage({ id, shown });
  } catch (error) {
    self.postMessage({ id, problem: problemOf(error) });
  }
};
