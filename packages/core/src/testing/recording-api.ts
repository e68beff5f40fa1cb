import { isDeepStrictEqual } from "node:util";
import type { TestApi } from "./test-api.ts";

/** What became of the cases that were declared. */
export interface RecordedRun {
  /** Full names, in order of declaration. */
  readonly passed: readonly string[];
  /** Cases that threw, with what they threw, in order of declaration. */
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** A {@link TestApi} that runs its cases when told to, instead of reporting them to a test runner. */
export interface RecordingApi extends TestApi {
  /** Runs every declared case, one after another; a failing one does not stop the rest. */
  run(): Promise<RecordedRun>;
}

function assert(holds: boolean, actual: unknown, expected: unknown): void {
  if (holds) return;
  throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

/**
 * Collects cases and tells which pass: with it a contract suite is itself put to the test, on adapters that are known to
 * be broken. Names are joined by ` > `.
 */
export function createRecordingApi(): RecordingApi {
  const cases: { readonly name: string; readonly body: () => Promise<void> | void }[] = [];
  const groups: string[] = [];
  return {
    describe(name, body) {
      groups.push(name);
      try {
        body();
      } finally {
        groups.pop();
      }
    },
    it(name, body) {
      cases.push({ name: [...groups, name].join(" > "), body });
    },
    expect: (actual) => ({
      toBe: (x) => assert(Object.is(actual, x), actual, x),
      toEqual: (x) => assert(isDeepStrictEqual(actual, x), actual, x),
    }),
    async run() {
      const passed: string[] = [];
      const failed: { readonly name: string; readonly error: unknown }[] = [];
      for (const { name, body } of cases) {
        try {
          await body();
          passed.push(name);
        } catch (error) {
          failed.push({ name, error });
        }
      }
      return { passed, failed };
    },
  };
}

/**
 * Runs what `declare` declares and tells which cases pass.
 *
 * @example
 * const { failed } = await recordRun((api) => describeStateStoreContract({ api, create }));
 */
export function recordRun(declare: (api: TestApi) => void): Promise<RecordedRun> {
  const api = createRecordingApi();
  declare(api);
  return api.run();
}
