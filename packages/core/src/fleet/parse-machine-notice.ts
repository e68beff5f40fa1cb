import * as v from "valibot";
import { FleetError } from "../ports/failure.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";

const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const base = {
  machineId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  atMs: instant,
};

const schema = v.variant("kind", [
  v.object({ ...base, kind: v.literal("interruption"), endsAtMs: instant }),
  v.object({ ...base, kind: v.picklist(["rebalance", "ended", "stopped", "other"]) }),
]);

/**
 * A message of the queue of notices as a durable adapter read it.
 *
 * @throws A {@link FleetError} `config` when it is none: the adapter puts it aside for a person.
 */
export function parseMachineNotice(value: unknown): MachineNotice {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const where = result.issues[0]?.path?.map(({ key }) => String(key)).join(".") ?? "message";
  throw new FleetError({ kind: "config", message: `Not a notice of a machine: ${where} is wrong` });
}
