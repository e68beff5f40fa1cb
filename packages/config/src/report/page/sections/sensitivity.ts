import type { Html } from "@runs-fleet/core/html";
import type { SensitivityRow } from "@runs-fleet/core/testing";
import { poolName } from "../../findings.ts";
import { signedDollars, signedDuration, signedPoints } from "../../format.ts";
import { type Cell, section, table } from "../parts.ts";

/** What small changes of the schedules would do. */
export function sensitivitySection(rows: readonly SensitivityRow[]): Html {
  const priced = rows.some(({ usdPerWeek }) => usdPerWeek !== undefined);
  return section(
    "sensitivity",
    "What a change would do",
    "Each line makes one tier of a pool smaller or larger in its whole schedule, in proportion, runs the same jobs again with the same luck, and tells what became different. The numbers are the tier's highest.",
    table({
      caption: "Changes of schedules and what they do",
      head: [
        "pool",
        { value: "change", kind: "left" },
        ...(priced ? ["cost a week"] : []),
        "p95 of the pool",
        "over a minute",
      ],
      rows: rows.map((row): readonly (string | Cell)[] => [
        poolName(row.pool),
        { value: `${row.what} ${row.from} → ${row.to}`, kind: "left" },
        ...(priced ? [usd(row.usdPerWeek)] : []),
        signed(signedDuration(row.p95Ms), row.p95Ms, 50),
        signed(signedPoints(row.over60Share), row.over60Share, 0.0005),
      ]),
    }),
  );
}

function usd(value: number | undefined): string | Cell {
  return value === undefined ? "" : signed(signedDollars(value), value, 0.005);
}

function signed(text: string, value: number, least: number): string | Cell {
  if (Math.abs(value) < least) return text;
  return { value: text, kind: value < 0 ? "less" : "over" };
}
