// Runs a Python script on the WebAssembly build of MicroPython under Node:
//
//     node run.mjs [--root DIR] [--heapsize BYTES] script.py [args]
//
// Every Python file below DIR (the working folder unless told) stands at the same place in the build's own file system,
// so `import control` works there. What the script prints comes out as it is printed. Exit code: the script's own,
// 1 after an uncaught exception with the traceback on stderr, 2 for a wrong call.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGE = "../../build/runtimes/webassembly/node_modules/@micropython/micropython-webassembly-pyscript";
const NEVER_CODE = new Set(["build", "node_modules", "__pycache__"]);

function main() {
  const { options, script, args } = parse(process.argv.slice(2));
  if (!script || !fs.existsSync(script)) {
    fail(`there is no script ${script ?? ""}: call it as run.mjs [--root DIR] [--heapsize BYTES] script.py [args]`);
  }
  return run(path.resolve(options.root ?? "."), Number(options.heapsize ?? 1 << 20), path.resolve(script), args);
}

function parse(words) {
  const options = {};
  while (words[0]?.startsWith("--")) {
    const [name, value] = words.splice(0, 2);
    if (!["--root", "--heapsize"].includes(name)) fail(`there is no option ${name}, only --root and --heapsize`);
    if (name === "--heapsize" && !/^[1-9][0-9]*$/.test(value)) fail(`--heapsize takes a number of bytes, not ${value}`);
    options[name.slice(2)] = value;
  }
  return { options, script: words[0], args: words.slice(1) };
}

function fail(sentence) {
  console.error(`run.mjs: ${sentence}.`);
  process.exit(2);
}

async function run(root, heapsize, script, args) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const { loadMicroPython } = await import(pathToFileURL(path.resolve(here, PACKAGE, "micropython.mjs")));
  const write = (data) => fs.writeSync(1, data);
  const micropython = await loadMicroPython({ heapsize, stdout: write, linebuffer: false });
  mount(micropython.FS, root);
  copy(micropython.FS, script);
  const lists = { path: ["", path.dirname(script), root, ".frozen"], argv: [script, ...args] };
  try {
    micropython.runPython(launcher(lists));
  } catch (error) {
    if (error.name !== "PythonError") throw error;
    if (error.type === "SystemExit") return exitCode(error.message);
    process.stderr.write(error.message);
    return 1;
  }
  return 0;
}

// JSON's strings and lists are Python's as well.
function launcher({ path, argv }) {
  return [
    "import sys",
    `sys.path[:] = ${JSON.stringify(path)}`,
    `sys.argv[:] = ${JSON.stringify(argv)}`,
    "with open(sys.argv[0]) as script:",
    "    script = compile(script.read(), sys.argv[0], 'exec')",
    "exec(script)",
  ].join("\n");
}

// The exception's text is the only thing that comes out of the build: `SystemExit` or `SystemExit: 3`.
function exitCode(message) {
  const value = message.trim().split("\n").pop().split(": ")[1];
  if (value === undefined || value === "None") return 0;
  if (/^-?[0-9]+$/.test(value)) return Number(value) & 255;
  console.error(value);
  return 1;
}

function mount(FS, folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || NEVER_CODE.has(entry.name)) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) mount(FS, full);
    else if (entry.name.endsWith(".py")) copy(FS, full);
  }
}

function copy(FS, file) {
  FS.mkdirTree(path.dirname(file));
  FS.writeFile(file, fs.readFileSync(file));
}

process.exitCode = await main();
