// Decides the cases given as JSON on standard input with the policy engine on MicroPython.
//
// Input: {files: {path: text}, code: Python}. Output: what the code prints.

import { readFileSync } from "node:fs";
import { loadMicroPython } from "../../labkit/book/static/vendor/micropython/micropython.mjs";

const { files, code } = JSON.parse(readFileSync(0, "utf8"));
const python = await loadMicroPython();
for (const [path, text] of Object.entries(files)) {
  python.FS.mkdirTree?.(`/book/${path}`.replace(/\/[^/]*$/, ""));
  python.FS.writeFile(`/book/${path}`, text);
}
try {
  python.runPython("import sys; sys.path.insert(0, '/book')");
  python.runPython(code);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
