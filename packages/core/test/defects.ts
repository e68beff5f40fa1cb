import { describe, expect, it } from "vitest";
import { type RecordedRun, recordRun } from "../src/testing/recording-api.ts";
import type { TestApi } from "../src/testing/test-api.ts";

/** A way in which an adapter can be broken, and the case of its contract that must fail on it. */
export interface Defect {
  /** What the adapter does wrong, as the end of "notices a store that ...". */
  readonly name: string;
  readonly caught: string;
}

/** A contract suite that is put to the test. */
export interface SuiteUnderTest<D extends Defect> {
  /** What the suite is about, such as `a store`. */
  readonly noun: string;
  readonly defects: readonly D[];
  /** Declares the suite on an adapter with the defect, or on a sound one. */
  declare(api: TestApi, defect: D | undefined): void;
  /** The group of cases that these defects must reach. @defaultValue all */
  readonly group?: string;
}

function lastPart(name: string): string {
  return name.split(" > ").at(-1) ?? "";
}

/** Proves a suite on broken adapters: each defect fails the case that is about it, and no case is without a defect. */
export function describeDefects<D extends Defect>(suite: SuiteUnderTest<D>): void {
  const { noun, defects, declare, group } = suite;
  const runs = new Map<D, Promise<RecordedRun>>();

  /** Runs the suite on a defect, once. */
  function runOn(defect: D): Promise<RecordedRun> {
    const running = runs.get(defect) ?? recordRun((api) => declare(api, defect));
    runs.set(defect, running);
    return running;
  }

  const isOfGroup = (name: string) => group === undefined || name.split(" > ").includes(group);

  describe(`the contract of ${noun}${group === undefined ? "" : `, ${group}`}`, () => {
    it("finds nothing wrong with a sound adapter", async () => {
      expect((await recordRun((api) => declare(api, undefined))).failed).toEqual([]);
    });

    it.each(defects)(`notices ${noun} that $name`, async (defect) => {
      const failed = (await runOn(defect)).failed.map(({ name }) => lastPart(name));
      expect(failed).toContain(defect.caught);
    });

    it("has no case that passes on every defect", async () => {
      const { passed } = await recordRun((api) => declare(api, undefined));
      const reached = new Set<string>();
      for (const defect of defects) {
        for (const { name } of (await runOn(defect)).failed) reached.add(name);
      }
      expect(passed.filter((name) => isOfGroup(name) && !reached.has(name))).toEqual([]);
    });
  });
}
