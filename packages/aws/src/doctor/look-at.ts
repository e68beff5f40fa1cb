import { lookAt, type StackStep } from "../stack/apply/plan-stack.ts";
import type { StackResource } from "../stack/apply/resource.ts";
import { stackResources } from "../stack/apply/stack-resources.ts";
import type { Stack } from "../stack/index.ts";
import type { DoctorContext } from "./context.ts";
import type { RowAnswer } from "./row.ts";
import { stackOf } from "./stack-of.ts";

/** Which of the stack's things a row is about. */
export type ResourceFilter = (resource: Pick<StackResource, "kind" | "name">) => boolean;

/** Looks at some things of the stack. Rejects with the first refusal, when all have been asked. */
export async function lookAtSome(
  context: DoctorContext,
  isMeant: ResourceFilter,
  stack: Stack = stackOf(context),
): Promise<readonly StackStep[]> {
  const { clients, clock, signal } = context;
  const resources = stackResources(clients, stack, clock).flat().filter(isMeant);
  signal.throwIfAborted();
  const looks = await Promise.allSettled(resources.map(lookAt));
  const refused = looks.find((look) => look.status === "rejected");
  if (refused !== undefined) throw refused.reason;
  return looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
}

/** Values that are told; of longer ones only that they differ. */
const longestValue = 80;

/** Names that are told, of many. */
const mostNamed = 4;

/**
 * What the state of some things comes to.
 *
 * @param what - What they are together, as in `11 tables are as described`.
 */
export function answerOf(steps: readonly StackStep[], what: string, advice: string): RowAnswer {
  const absent = steps.filter(({ state }) => state === "absent");
  const different = steps.filter(({ state }) => state === "different");
  const unseen = steps.filter(({ unseen: text }) => text !== undefined);
  const evidence = {
    asDescribed: steps.length - absent.length - different.length,
    missing: absent.length,
    different: different.length,
  };
  if (absent.length + different.length > 0) {
    const parts = [
      ...(absent.length === 0 ? [] : [missing(absent, steps.length)]),
      ...(different.length === 0 ? [] : [`different: ${named(different.map(differenceOf))}`]),
    ];
    return { verdict: "disproven", detail: parts.join("; "), evidence, advice };
  }
  if (unseen.length > 0) {
    const detail = `${what}, but ${unseen[0]?.unseen}`;
    return { verdict: "unproven", holds: true, detail, evidence };
  }
  return { verdict: "proven", detail: what, evidence };
}

function missing(absent: readonly StackStep[], count: number): string {
  const isAll = absent.length === count && count > 1;
  return `missing${isAll ? `, all ${count}` : ""}: ${named(absent.map(nameOf))}`;
}

function nameOf({ kind, name }: StackStep): string {
  return `${kind} ${name}`;
}

function differenceOf(step: StackStep): string {
  const what = step.differences
    .map(({ what: field, is, wanted }) =>
      Math.max(is.length, wanted.length) > longestValue
        ? `${field} is another one`
        : `${field} is ${is}, not ${wanted}`,
    )
    .join(", ");
  return `${nameOf(step)} (${what})`;
}

/** Some names, and how many more there are. */
export function named(names: readonly string[]): string {
  const told = names.slice(0, mostNamed).join(", ");
  return names.length > mostNamed ? `${told} and ${names.length - mostNamed} more` : told;
}
