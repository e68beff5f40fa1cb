import type { FleetReport } from "@runs-fleet/core/testing";
import { printable } from "../../cli/problem.ts";
import { compareNumbers, comparison, comparisonNotes } from "../compare.ts";
import type { Compared } from "../document.ts";
import { columns } from "./columns.ts";

/** Another configuration under the same jobs, number by number. */
export function comparisonLines(
  report: FleetReport,
  config: string,
  compared: Compared,
): readonly string[] {
  const words = { more: "more than chance", maybe: "may be chance" } as const;
  return [
    `  ${printable(comparison(compared.config, report, compared.report))}`,
    ...comparisonNotes(compared.changes).map((note) => `  ${printable(note)}`),
    ...columns([
      ["", config, compared.config, "change", ""],
      ...compareNumbers(report, compared.report).map(({ name, here, there, change, chance }) => [
        name,
        here,
        there,
        change,
        chance === undefined ? "" : words[chance],
      ]),
    ]),
  ];
}
