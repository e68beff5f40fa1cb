import { compileSchedule, explain } from "../../dist/index.js";
import { example, zones } from "./common.mjs";

const moments = [
  ["02:30 comes for the first time", "2026-10-25T00:30Z"],
  ["02:30 comes for the second time", "2026-10-25T01:30Z"],
  ["the day on which an exception drops the office", "2026-10-30T09:00Z"],
];

/** Explanations of one schedule. */
export function show() {
  const compiled = compileSchedule(example, { zones });
  for (const [what, iso] of moments) {
    console.log(`# ${iso}: ${what}\n${explain(compiled, Date.parse(iso)).text}\n`);
  }
  return true;
}
