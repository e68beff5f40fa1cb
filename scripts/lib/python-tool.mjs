import { rmSync } from "node:fs";
import { join } from "node:path";
import { run, Stop, step } from "./steps.mjs";
import { root } from "./workspace.mjs";

const isWindows = process.platform === "win32";

/**
 * A tool of Python's.
 *
 * @typedef {object} PythonTool
 * @property {string} name As pip knows it, and what its folder below `.tools/` is called.
 * @property {string} wanted The version that is installed where there is none that fits.
 * @property {RegExp} fitting Versions that will do.
 * @property {string} [extras] What is installed with it: `[server]`.
 * @property {readonly string[]} modules What a Python that has it can import.
 */

/**
 * A Python that has the tool: the one on PATH, else one of the checkout, which is made when it is not there.
 *
 * @param {PythonTool} tool
 * @returns {Promise<{ python: string, version: string }>}
 * @throws {Stop} With what is missing, in words.
 */
export async function findPythonTool(tool) {
  const { name, wanted } = tool;
  const folder = join(root, ".tools", name);
  const ownPython = join(folder, ...(isWindows ? ["Scripts", "python.exe"] : ["bin", "python"]));
  for (const python of ["python3", ownPython]) {
    const version = await versionIn(python, tool);
    if (version !== undefined) return { python, version };
  }
  await step(`installing ${name} ${wanted} into .tools/${name}/ (python3 -m venv, pip)`, () =>
    install(tool, folder, ownPython),
  );
  const version = await versionIn(ownPython, tool);
  if (version === undefined) throw new Stop(`${name} ${wanted} was installed and does not answer`);
  return { python: ownPython, version };
}

/**
 * The version of a Python's tool; `undefined` when it has none that fits.
 *
 * @param {string} python
 * @param {PythonTool} tool
 */
async function versionIn(python, { name, fitting, modules }) {
  const program = `import importlib.metadata as m; import ${modules.join(", ")}; print(m.version('${name}'))`;
  const { code, output } = await run(python, ["-c", program]);
  const version = output.trim();
  return code === 0 && fitting.test(version) ? version : undefined;
}

/**
 * @param {PythonTool} tool
 * @param {string} folder
 * @param {string} python
 */
async function install({ name, wanted, extras = "" }, folder, python) {
  // What an interrupted installation left is of no use.
  rmSync(folder, { recursive: true, force: true });
  const requirement = `${name}${extras}==${wanted}`;
  const steps = /** @type {const} */ ([
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--no-compile", requirement]],
  ]);
  for (const [program, args] of steps) {
    const { code, output } = await run(program, args, { limitMs: 240_000 });
    if (code === 0) continue;
    throw new Stop(
      `${program} ${args.join(" ")} failed. It needs Python 3 with venv, and PyPI.\n\n${output.trim().split("\n").slice(-15).join("\n")}`,
    );
  }
}
