import { rmSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "./server-process.mjs";
import { run, Stop, step } from "./steps.mjs";
import { root } from "./workspace.mjs";

/** The version that is installed where there is none; others of its minor version will do. */
const wanted = "5.2.1";
const fitting = /^5\.2\.\d+$/;
const folder = join(root, ".tools", "moto");
const isWindows = process.platform === "win32";
const ownPython = join(folder, ...(isWindows ? ["Scripts", "python.exe"] : ["bin", "python"]));

/**
 * A Python that has moto: the one on PATH, else one of the checkout, which is made when it is not there.
 *
 * @throws {Stop} With what is missing, in words.
 */
export async function findMoto() {
  for (const python of ["python3", ownPython]) {
    const version = await motoOf(python);
    if (version !== undefined) return { python, version };
  }
  await step(`installing moto ${wanted} into .tools/moto/ (python3 -m venv, pip)`, install);
  const version = await motoOf(ownPython);
  if (version === undefined) throw new Stop(`moto ${wanted} was installed and does not answer`);
  return { python: ownPython, version };
}

/** The version of a Python's moto with its server; `undefined` when it has none that fits. */
async function motoOf(/** @type {string} */ python) {
  const program =
    "import importlib.metadata as m; import flask, flask_cors; print(m.version('moto'))";
  const { code, output } = await run(python, ["-c", program]);
  const version = output.trim();
  return code === 0 && fitting.test(version) ? version : undefined;
}

async function install() {
  // What an interrupted installation left is of no use.
  rmSync(folder, { recursive: true, force: true });
  const steps = /** @type {const} */ ([
    ["python3", ["-m", "venv", folder]],
    [ownPython, ["-m", "pip", "install", "--quiet", "--no-compile", `moto[server]==${wanted}`]],
  ]);
  for (const [program, args] of steps) {
    const { code, output } = await run(program, args, { limitMs: 240_000 });
    if (code === 0) continue;
    throw new Stop(
      `${program} ${args.join(" ")} failed. It needs Python 3 with venv, and PyPI.\n\n${output.trim().split("\n").slice(-15).join("\n")}`,
    );
  }
}

/**
 * Starts moto on a free port of the loopback interface, and waits until it answers.
 *
 * @param {string} python A Python that has it.
 * @throws {Stop} When it does not answer.
 */
export const startMoto = (python) =>
  startServer({
    name: "moto",
    program: python,
    args: (port) => ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    // Without images a reset takes milliseconds; no case looks at one.
    env: { MOTO_EC2_LOAD_DEFAULT_AMIS: "false" },
    isUp: async (url) => (await fetch(new URL("/moto-api/data.json", url))).ok,
  });
