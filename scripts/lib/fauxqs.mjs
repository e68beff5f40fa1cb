import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startServer } from "./server-process.mjs";
import { root } from "./workspace.mjs";

/** fauxqs, an SQS that keeps the order and the deduplication of FIFO queues, from the dependencies of `packages/aws`. */
export function findFauxqs() {
  const folder = join(root, "packages", "aws", "node_modules", "fauxqs");
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { folder, version };
}

/**
 * Starts it on a free port of the loopback interface, and waits until it answers.
 *
 * @param {string} folder Where the package is.
 * @throws {import("./steps.mjs").Stop} When it does not answer.
 */
export const startFauxqs = (folder) =>
  startServer({
    name: "fauxqs",
    program: process.execPath,
    args: (port) => [
      fileURLToPath(new URL("./fauxqs-main.mjs", import.meta.url)),
      pathToFileURL(join(folder, "dist", "app.js")).href,
      String(port),
    ],
    isUp: async (url) => (await fetch(new URL("/health", url))).ok,
  });
