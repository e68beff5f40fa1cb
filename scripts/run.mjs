// What `npm start` and `npm test` run. It needs Node, npm and nothing else, so the first thing it says is which Node.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [major, minor] = engines.node.match(/\d+/g).map(Number);
const [runningMajor = 0, runningMinor = 0] = process.versions.node.split(".").map(Number);
if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
  console.error(
    `runs-fleet needs Node ${engines.node}, this is ${process.version}: https://nodejs.org`,
  );
  process.exit(1);
}

// Loaded only now: an old Node could not read it.
const { main } = await import("./lib/main.mjs");
process.exitCode = await main(process.argv.slice(2));
