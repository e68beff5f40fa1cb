import { claimMutants } from "./claims.ts";
import { gradualMutants } from "./gradual.ts";
import { listingMutants } from "./listings.ts";
import type { Mutant, Mutants } from "./mutant.ts";
import { poolMutants } from "./pools.ts";
import { purchaseMutants } from "./purchases.ts";
import { rerunMutants } from "./reruns.ts";
import { webhookMutants } from "./webhooks.ts";
import { writerMutants } from "./writers.ts";

export type { Mutant } from "./mutant.ts";

/** Bugs to plant, by name. */
export const mutants: Mutants = {
  ...poolMutants,
  ...claimMutants,
  ...gradualMutants,
  ...listingMutants,
  ...purchaseMutants,
  ...rerunMutants,
  ...webhookMutants,
  ...writerMutants,
};

/** What is known of a bug before it is planted. */
export interface MutantFacts {
  /** Where it was met: part and number of the field notes. */
  readonly note: string;
  /** The invariant whose oracle has to notice. */
  readonly caughtBy: string;
}

/** The facts of every bug, by name. */
export const mutantFacts: Readonly<Record<string, MutantFacts>> = Object.fromEntries(
  Object.entries(mutants).map(([name, make]): [string, MutantFacts] => {
    const { note, caughtBy }: Mutant = make();
    return [name, { note, caughtBy }];
  }),
);
