import { writeFileSync } from "node:fs";
import { compileSchedule } from "../../dist/index.js";
import { renderTimeline } from "../../dist/render/index.js";
import { example, zones } from "./common.mjs";

const minute = 60_000;

/** The week in which Berlin sets its clocks back. */
export function show(file = "week.svg") {
  const smoothing = {
    leadMs: 15 * minute,
    rampUp: { step: 4, everyMs: 10 * minute },
    rampDown: { step: 3, everyMs: 20 * minute },
  };
  const compiled = compileSchedule(example, { zones, smoothing });
  const range = [Date.parse("2026-10-23T22:00Z"), Date.parse("2026-10-30T23:00Z")];
  const now = Date.parse("2026-10-26T09:00Z");
  console.log(renderTimeline(compiled, ...range, { format: "text", now }));
  writeFileSync(file, renderTimeline(compiled, ...range, { format: "svg", now }));
  console.log(`\nThe picture is in ${file}`);
  return true;
}
