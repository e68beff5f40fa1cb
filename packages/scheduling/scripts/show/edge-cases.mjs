import { readFileSync } from "node:fs";
import { compileSchedule, evaluate, nextTransition } from "../../dist/index.js";
import { printTable, zones } from "./common.mjs";

const iso = (at) => new Date(at).toISOString().replace(":00.000Z", "Z");
const length = (ms) => (ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${ms / 60_000} min`);

function row({ name, zone, window, entry, from, expect }) {
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
}

/** The engine's answers to the edge cases; true when all are right. */
export function show() {
  const file = new URL("../../testdata/edge-cases.json", import.meta.url);
  const rows = JSON.parse(readFileSync(file, "utf8")).map(row);
  printTable(rows);
  const wrong = rows.filter(([verdict]) => verdict !== "ok").length;
  console.log(`\n${rows.length} cases, ${wrong} wrong; tz ${zones.version}`);
  return wrong === 0;
}
