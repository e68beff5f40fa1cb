// Shows what the built package answers.
//
//   pnpm --filter @runs-fleet/scheduling build:js && node packages/scheduling/scripts/show.mjs --help
import { existsSync } from "node:fs";

const help = `Usage: node packages/scheduling/scripts/show.mjs <what>

  edge-cases       the table of clock changes, leap days and window edges; fails when an answer is wrong
  explain          why a pool has what it has, on both passes of a repeated hour
  bad              what is said about schedules that cannot be right
  week [file.svg]  the week of a clock change, as text, and as a picture in a file (week.svg)
`;

const shows = {
  "edge-cases": () => import("./show/edge-cases.mjs"),
  explain: () => import("./show/explain.mjs"),
  bad: () => import("./show/bad.mjs"),
  week: () => import("./show/week.mjs"),
};

const [what = "--help", ...rest] = process.argv.slice(2);
if (what === "--help" || what === "-h") console.log(help);
else if (!Object.hasOwn(shows, what)) {
  console.error(`There is no "${what}" to show.\n\n${help}`);
  process.exitCode = 2;
} else if (!existsSync(new URL("../dist/render/index.js", import.meta.url))) {
  console.error("Build first: pnpm --filter @runs-fleet/scheduling build:js");
  process.exitCode = 2;
} else {
  const { show } = await shows[what]();
  process.exitCode = show(...rest) ? 0 : 1;
}
