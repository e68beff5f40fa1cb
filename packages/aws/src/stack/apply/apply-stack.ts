import { FleetError, systemClock } from "@runs-fleet/core";
import type { Stack } from "../stack.ts";
import type { StackClients } from "./clients.ts";
import { everyOne } from "./every-one.ts";
import { readStackOutputs, type StackOutputs } from "./outputs.ts";
import { lookAt, type PlanStackOptions, planStack, type StackStep } from "./plan-stack.ts";
import { stackResources } from "./stack-resources.ts";

/** Options of `applyStack`. */
export interface ApplyStackOptions extends PlanStackOptions {
  /** Told of each thing as it is made. */
  readonly onMade?: (step: StackStep) => void;
}

/** What `applyStack` has done. */
export interface AppliedStack {
  /** How everything is afterwards. */
  readonly steps: readonly StackStep[];
  /** What hosts have to know. */
  readonly outputs: StackOutputs;
}

/**
 * Everything that a stack says is there, and can be used. Makes what is missing and changes nothing; called again, it goes on where
 * it broke off. For emulators and trials: CloudFormation also changes and takes back.
 *
 * @throws A TypeError for a stack with placeholders. Rejects with a `FleetError` `config` before anything is made when something
 *   differs from what the stack says; with others when AWS refuses, and what was made by then stays.
 */
export async function applyStack(
  clients: StackClients,
  stack: Stack,
  options: ApplyStackOptions = {},
): Promise<AppliedStack> {
  const { clock = systemClock, signal, onMade } = options;
  const found = await planStack(clients, stack, options);
  const different = found.filter(({ state }) => state === "different");
  if (different.length > 0) throw differs(stack, different);
  const missing = new Set(found.filter(({ state }) => state === "absent").map(keyOf));
  for (const group of stackResources(clients, stack, clock)) {
    signal?.throwIfAborted();
    await everyOne(
      group
        .filter((resource) => missing.has(keyOf(resource)))
        .map(async (resource) => {
          // A bucket is made with some of its settings.
          const now = await lookAt(resource);
          if (now.state !== "absent") return;
          await resource.create();
          onMade?.(now);
        }),
    );
  }
  const steps = missing.size === 0 ? found : await planStack(clients, stack, options);
  return { steps, outputs: await readStackOutputs(clients, stack) };
}

function keyOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind} ${name}`;
}

function differs({ environment }: Stack, steps: readonly StackStep[]): FleetError {
  const words = steps.map(({ kind, name, differences }) => {
    const what = differences.map((one) => one.what).join(", ");
    return `${kind} ${name} (${what})`;
  });
  return new FleetError({
    kind: "config",
    message: `The stack of ${environment} is not made: ${words.join("; ")} differ from what it says. Change them by CloudFormation or by hand, or delete them`,
    details: { code: "stack-differs", different: steps.map(keyOf) },
  });
}
