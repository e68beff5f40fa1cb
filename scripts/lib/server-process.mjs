import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Stop } from "./steps.mjs";
import { root } from "./workspace.mjs";

const startsWithinMs = 30_000;

/**
 * @typedef {object} ServerProcess A server that we started.
 * @property {string} url Where it listens, with a slash at the end.
 * @property {number} pid Its process.
 * @property {() => Promise<void>} stop Ends it: kindly, and after 3 s otherwise.
 */

/**
 * Starts a server on a free port and waits until it answers. It ends with us, also when we fall over.
 *
 * @param {object} options
 * @param {string} options.name What people call it.
 * @param {string} options.program
 * @param {(port: number) => string[]} options.args
 * @param {NodeJS.ProcessEnv} [options.env] Added to ours.
 * @param {(url: string) => Promise<boolean>} options.isUp Rejects, or says no, while it does not answer.
 * @returns {Promise<ServerProcess>}
 * @throws {Stop} When it does not answer, with what it printed.
 */
export async function startServer({ name, program, args, env = {}, isUp }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const child = spawn(program, args(port), {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let output = "";
  const hear = (/** @type {Buffer} */ chunk) => {
    output = `${output}${chunk}`.slice(-4_000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  let over = false;
  const ended = new Promise((resolve) => {
    const end = () => {
      over = true;
      resolve(undefined);
    };
    child.once("exit", end);
    child.once("error", end);
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    child.kill();
    const timer = setTimeout(kill, 3_000);
    await ended;
    clearTimeout(timer);
  };
  const lastMs = Date.now() + startsWithinMs;
  while (!over && Date.now() < lastMs) {
    if (await isUp(url).catch(() => false)) return { url, pid: child.pid ?? 0, stop };
    await sleep(100);
  }
  await stop();
  throw new Stop(`${name} did not answer at ${url}\n\n${output.trim()}`);
}

/** @returns {Promise<number>} A port of the loopback interface that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
