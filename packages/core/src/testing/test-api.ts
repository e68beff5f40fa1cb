/**
 * The part of a test runner that the contract suites need; vitest's and jest's functions fit.
 *
 * @example
 * import { describe, expect, it } from "vitest";
 * describeStateStoreContract({ api: { describe, it, expect }, create: async ({ clock }) => createMemoryStore({ clock }) });
 */
export interface TestApi {
  /** Groups cases. */
  describe(name: string, body: () => void): void;
  /** One case; it fails when `body` throws or rejects. */
  it(name: string, body: () => Promise<void> | void): void;
  /** `toBe` compares by `Object.is`, `toEqual` by structure. */
  expect(actual: unknown): { toBe(x: unknown): void; toEqual(x: unknown): void };
}
