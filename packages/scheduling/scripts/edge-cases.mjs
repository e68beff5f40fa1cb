// Prints the edge-case table of the specification as the built engine answers it, and fails when an answer is wrong.
//
//   pnpm --filter @runs-fleet/scheduling build:js && node packages/scheduling/scripts/edge-cases.mjs
import { readFileSync } from "node:fs";
import {
  compileSchedule,
  evaluate,
  intlZones,
  layered,
  nextTransition,
  tableZones,
} from "../dist/index.js";
import { tzdata } from "../dist/tzdata/index.js";

const cases = JSON.parse(
  readFileSync(new URL("../testdata/edge-cases.json", import.meta.url), "utf8"),
);
const zones = layered(tableZones(tzdata), intlZones());
const iso = (at) => new Date(at).toISOString().replace(":00.000Z", "Z");
const length = (ms) => (ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`);

const rows = cases.map(({ name, zone, window, entry, from, expect }) => {
  const schedule = {
    timeZone: zone,
    default: { hot: 0, stopped: 0 },
    entries: [{ name: "it", capacity: { hot: 1 }, ...entry }],
  };
  const compiled = compileSchedule(schedule, { zones });
  const opens = nextTransition(compiled, Date.parse(from) - 1);
  const near = opens !== null && opens.atMs - Date.parse(from) < 3 * 86_400_000;
  const closes = near ? nextTransition(compiled, opens.atMs) : null;
  const answer = near
    ? `${iso(opens.atMs)} to ${iso(closes.atMs)} (${length(closes.atMs - opens.atMs)})`
    : "does not occur";
  const exact = near
    ? evaluate(compiled, closes.atMs - 1).hot === 1 && evaluate(compiled, closes.atMs).hot === 0
    : evaluate(compiled, Date.parse(from) + 86_400_000).hot === 0;
  const right =
    exact &&
    (expect === null
      ? !near
      : near && opens.atMs === Date.parse(expect[0]) && closes.atMs === Date.parse(expect[1]));
  return [right ? "ok" : "WRONG", name, zone, window, answer];
});

const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
const wrong = rows.filter(([verdict]) => verdict !== "ok").length;
console.log(`\n${rows.length} cases, ${wrong} wrong; tz ${zones.version}`);
process.exitCode = wrong === 0 ? 0 : 1;
