import { type Paint, printable } from "../../cli/problem.ts";
import type { ReportClock } from "../clock.ts";
import type { ReportDocument } from "../document.ts";
import { findings, headline } from "../findings.ts";
import { count, plural } from "../format.ts";

/** The answer in one sentence, what was simulated, the conditions, and what stands out. */
export function headLines(
  { report, inputs, assertions }: ReportDocument,
  clock: ReportClock,
  paint: Paint,
): readonly string[] {
  const { horizon, jobs, waitsMs } = report;
  const tones = {
    bad: ["red", "problem"],
    warn: ["yellow", "look"],
    calm: ["dim", "note"],
  } as const;
  return [
    paint("bold", headline(report)),
    printable(
      `${inputs.config}, ${inputs.jobs}, seed ${report.seed}; ${clock.moment(horizon.fromMs)} to ${clock.moment(horizon.toMs)} ${clock.timeZone}; ` +
        `${count(waitsMs.jobs)} of ${plural(jobs.given - jobs.leftOut, "simulated job")} started`,
    ),
    ...assertions.map(
      ({ condition, holds, measured }) =>
        `  ${holds ? paint("green", "holds  ") : paint("red", "fails  ")}  ${printable(`${condition}: ${measured}`)}`,
    ),
    ...findings(report).map(({ tone, text }) => {
      const [style, word] = tones[tone];
      return `  ${paint(style, word.padEnd(7))}  ${printable(text)}`;
    }),
  ];
}
