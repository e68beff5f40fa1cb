import type { FailureKind } from "@runs-fleet/core";

/** What to do about one code that AWS answers. */
export interface FailureRule {
  /** The code, as the SDKs put it into `name`; `Invalid*` stands for all codes of this first word that have no row of their own. */
  readonly code: string;
  /** What to do about it. */
  readonly kind: FailureKind;
  /** Whether the same call may succeed later. Absent: what the kind says, see `FleetError`. */
  readonly retryable?: boolean;
  /** Where the meaning of the code is written down. */
  readonly source: string;
}

/** Rows of one source: its codes, by what to do about them. */
export function rulesFrom(
  source: string,
  codes: Partial<Readonly<Record<FailureKind, readonly string[]>>>,
  extra: Pick<FailureRule, "retryable"> = {},
): readonly FailureRule[] {
  return (Object.entries(codes) as [FailureKind, readonly string[]][]).flatMap(([kind, names]) =>
    names.map((code) => ({ code, kind, ...extra, source })),
  );
}

/** The rows of a service by their code. A code that a later list has too is the later one's: put the service after what is common. */
export function tableOf(...lists: readonly (readonly FailureRule[])[]): FailureTable {
  return new Map(lists.flat().map((rule) => [rule.code, rule]));
}

/** What a service's codes mean. */
export type FailureTable = ReadonlyMap<string, FailureRule>;
