import { FleetError } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Injected } from "../proxy/rules.ts";
import type { TestAws } from "../test-aws.ts";
import type { Cell } from "./cell.ts";
import { type CallName, FAULTS, type NamedFault } from "./faults.ts";
import { patienceMs } from "./impatient.ts";
import { inSlice } from "./slice.ts";

/** How an operation of an adapter ended: with a value, or with an error of the port. */
export type Ending<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FleetError };

/** One operation of an adapter, with a fault in one of the calls that it makes. */
export interface MatrixCase<C, T> {
  /** What the adapter is asked to do: `send`. */
  readonly name: string;
  /** The calls that it makes, and in which the faults happen. */
  readonly calls: readonly CallName[];
  /** Makes what one cell needs, with names of its own: cells share an account. */
  prepare(aws: TestAws): Promise<C>;
  /** Does it. Rejects with a {@link FleetError} or not at all: anything else fails the cell. */
  act(context: C): Promise<T>;
  /**
   * Looks at what is really there, without faults by now, and fails when an invariant does not hold. What it answers is shown
   * behind the outcome.
   */
  judge(context: C, ending: Ending<T>, hit: Hit): Promise<string | undefined>;
}

/** The fault of a cell. */
export interface Hit {
  /** What went wrong. */
  readonly fault: NamedFault;
  /** In which call. */
  readonly call: CallName;
  /** How many attempts it hit. */
  readonly fired: number;
}

/** A matrix: fault x call -> outcome. */
export interface FaultMatrix {
  /** What stands above its table. */
  readonly title: string;
  /** Opens the account that all its cells share. */
  open(): Promise<TestAws>;
  /** @defaultValue {@link FAULTS} */
  readonly faults?: readonly NamedFault[];
}

/**
 * A case for each fault that can hit each call of each operation: it fails when the fault was never met, when the error is none of
 * the port's, and when the judge says so. The report of the run shows all outcomes as a table. With `RUNS_FLEET_SLICE`, a
 * sixth of the cells.
 */
export function describeFaultMatrix<C, T>(
  matrix: FaultMatrix,
  cases: readonly MatrixCase<C, T>[],
): void {
  describe(matrix.title, () => {
    let aws: TestAws;
    beforeAll(async () => {
      aws = await matrix.open();
    });
    afterAll(() => aws.close());
    for (const entry of cases) {
      for (const call of entry.calls) {
        for (const fault of (matrix.faults ?? FAULTS).filter(({ hits }) => hits(call))) {
          const title = `${entry.name}, ${fault.name} at ${call.action}`;
          if (!inSlice(`${matrix.title} ${title}`)) continue;
          it(title, async ({ task }) => {
            const cell = { matrix: matrix.title, row: fault.name };
            const column =
              entry.name === call.action ? entry.name : `${entry.name} > ${call.action}`;
            task.meta.cell = { ...cell, column, outcome: "FAILED" };
            const outcome = await runCell(aws, entry, call, fault);
            task.meta.cell = { ...cell, column, outcome };
          });
        }
      }
    }
  });
}

/** A cell fails for good after so many tries. */
const mostTries = 3;

/**
 * Tries a cell. It is tried again when it failed and an emulator was slower than its clients are patient: on a machine so busy there
 * was another fault than the one that the cell is about.
 */
async function runCell<C, T>(
  aws: TestAws,
  entry: MatrixCase<C, T>,
  call: CallName,
  fault: NamedFault,
): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const meter = aws.calls.meter();
    try {
      return await tryCell(aws, entry, call, fault);
    } catch (error) {
      const wasSlow = meter
        .records()
        .some(
          (record) => record.fault === undefined && (record.tookMs ?? patienceMs) >= patienceMs,
        );
      if (tries === mostTries || !wasSlow) throw error;
    }
  }
}

async function tryCell<C, T>(
  aws: TestAws,
  entry: MatrixCase<C, T>,
  call: CallName,
  fault: NamedFault,
): Promise<string> {
  const context = await entry.prepare(aws);
  const rule: Injected = aws.faults.inject({
    ...call,
    name: fault.name,
    fault: fault.fault(call),
    times: fault.lasts === "once" ? 1 : Number.POSITIVE_INFINITY,
  });
  const ending = await entry
    .act(context)
    .then(
      (value): Ending<T> => ({ ok: true, value }),
      (error: unknown): Ending<T> => {
        if (FleetError.isInstance(error)) return { ok: false, error };
        throw new Error("It rejects with an error that is none of the port's", { cause: error });
      },
    )
    .finally(() => rule.remove());
  if (rule.fired === 0) throw new Error(`${call.action} was never called`);
  await aws.calls.settled({ fault: fault.name });
  const note = await entry.judge(context, ending, { fault, call, fired: rule.fired });
  const word = ending.ok ? "ok" : ending.error.kind;
  return `${word}${rule.fired > 1 ? ` x${rule.fired}` : ""}${note === undefined ? "" : `, ${note}`}`;
}

declare module "vitest" {
  interface TaskMeta {
    /** The cell of a fault matrix that a test is. */
    cell?: Cell;
  }
}
