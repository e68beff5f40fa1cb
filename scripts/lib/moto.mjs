import { findPythonTool } from "./python-tool.mjs";
import { startServer } from "./server-process.mjs";

/** A Python that has moto with its server. */
export const findMoto = () =>
  findPythonTool({
    name: "moto",
    wanted: "5.2.1",
    fitting: /^5\.2\.\d+$/,
    extras: "[server]",
    modules: ["flask", "flask_cors"],
  });

/**
 * Starts moto on a free port of the loopback interface, and waits until it answers.
 *
 * @param {string} python A Python that has it.
 * @throws {import("./steps.mjs").Stop} When it does not answer.
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
