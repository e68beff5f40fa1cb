import type { Cause } from "../ports/cause.ts";

/**
 * Machines of each fit that were paid for and never became ready, in a row. A fit that only fails is tried with one
 * machine at a time: an image that does not boot costs one machine per boot deadline, not a pool of them. Lost with the
 * process.
 */
export interface BootFailures {
  /** A machine did not become ready in time. */
  failed(fit: string): void;
  /** A machine became ready: the fit is sound. */
  succeeded(fit: string): void;
  /** Why only one machine of this fit may be on its way; `undefined`: nothing speaks against more. */
  probing(fit: string): Cause | undefined;
}

/** So many in a row are no accident. */
const tooMany = 3;

/** Makes a memory without failures. */
export function createBootFailures(): BootFailures {
  const inRow = new Map<string, number>();
  return {
    failed: (fit) => inRow.set(fit, (inRow.get(fit) ?? 0) + 1),
    succeeded: (fit) => inRow.delete(fit),
    probing: (fit) => {
      const failures = inRow.get(fit) ?? 0;
      if (failures < tooMany) return undefined;
      const message = `The last ${failures} machines of ${fit} did not become ready in time: one at a time is tried`;
      return { code: "boot-timeout", message };
    },
  };
}
