import { createHash } from "node:crypto";

/** Into how many parts a matrix falls. */
const parts = 6;

/** Which part runs: `RUNS_FLEET_SLICE` chooses it, `RUNS_FLEET_FULL` and the absence of both mean everything. */
export function chosenSlice(
  env: Readonly<Record<string, string | undefined>> = process.env,
): number | undefined {
  const slice = env["RUNS_FLEET_SLICE"];
  if (slice === undefined || env["RUNS_FLEET_FULL"] !== undefined) return undefined;
  return Number(slice) % parts;
}

/** The words for the report. */
export function sliceText(chosen = chosenSlice()): string {
  return chosen === undefined ? "all cells" : `part ${chosen + 1} of ${parts} of the cells`;
}

/** Whether a cell is in the part that runs; the same name always is in the same part. */
export function inSlice(name: string, chosen = chosenSlice()): boolean {
  if (chosen === undefined) return true;
  return (createHash("sha256").update(name).digest()[0] ?? 0) % parts === chosen;
}
