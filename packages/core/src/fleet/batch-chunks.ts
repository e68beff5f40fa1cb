import type { Write } from "../ports/state-store.ts";

/** Most records of one commit. Source: DynamoDB's 100 items a transaction, one of which is the lease. */
export const commitSize = 99;

/** Writes of one machine, its assignment and its jobs stay together; purchases come last, once their machines are written. */
function unitOf({ table, id, value }: Write): string {
  if (table === "attempts") return `~attempts/${id}`;
  if (table === "machines" || table === "assignments") return `machine/${id}`;
  const machineId =
    table === "jobs" && typeof value === "object" && value !== null && "machineId" in value
      ? value["machineId"]
      : undefined;
  return typeof machineId === "string" ? `machine/${machineId}` : `${table}/${id}`;
}

/**
 * Cuts the writes of a pass into commits. Between two of them the process may die, so what must not be torn apart is in
 * one: a machine without its assignment would be handed a second one.
 */
export function chunkWrites(writes: readonly Write[]): readonly (readonly Write[])[] {
  if (writes.length <= commitSize) return writes.length === 0 ? [] : [writes];
  const units = new Map<string, Write[]>();
  for (const write of writes) {
    const key = unitOf(write);
    const unit = units.get(key);
    if (unit) unit.push(write);
    else units.set(key, [write]);
  }
  const ordered = [...units].sort(([left], [right]) => {
    const late = Number(left.startsWith("~")) - Number(right.startsWith("~"));
    return late || (left < right ? -1 : 1);
  });
  const chunks: Write[][] = [];
  let chunk: Write[] = [];
  for (const [, unit] of ordered) {
    if (chunk.length + unit.length > commitSize && chunk.length > 0) {
      chunks.push(chunk);
      chunk = [];
    }
    chunk.push(...unit);
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
