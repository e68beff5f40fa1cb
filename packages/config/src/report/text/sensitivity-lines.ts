import type { SensitivityRow } from "@runs-fleet/core/testing";
import { signedDollars, signedDuration, signedPoints } from "../format.ts";
import { columns } from "./columns.ts";

/** What small changes of the schedules would do. */
export function sensitivityLines(rows: readonly SensitivityRow[]): readonly string[] {
  if (rows.length === 0) return ["  Nothing was tried: no pool has a window."];
  return columns(
    rows.map(({ pool, what, from, to, p95Ms, over60Share, usdPerWeek }) => [
      `${pool}.${what}`,
      `${from} → ${to}`,
      usdPerWeek === undefined ? "" : `${signedDollars(usdPerWeek)}/week`,
      `p95 ${signedDuration(p95Ms)}`,
      signedPoints(over60Share),
    ]),
    { left: [0, 1] },
  );
}
