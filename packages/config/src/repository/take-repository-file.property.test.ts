import type { PushEvent } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RepositoryRecord } from "./repository-record.ts";
import { parseRepositoryRecord } from "./repository-record.ts";
import { type FileReading, takeRepositoryFile } from "./take-repository-file.ts";

const minute = 60_000;

/** What may be read of a file, with the bound that it states, if it is sound. */
type Step = { readonly reading: FileReading; readonly isPush: boolean; readonly afterMs: number };

const text = (maxCpu: number, isSound: boolean): FileReading => ({
  kind: "text",
  text: `version: 1\nnarrow: { ${isSound ? "maxCpu" : "maxCpus"}: ${maxCpu} }\n`,
  sha: `${isSound ? "good" : "bad"}-${maxCpu}`,
  etag: `"${maxCpu}"`,
});
const reading: fc.Arbitrary<FileReading> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 8 }), fc.boolean())
    .map(([cpu, isSound]) => text(cpu, isSound)),
  fc.constantFrom<FileReading>(
    { kind: "absent" },
    { kind: "unchanged" },
    { kind: "unusable", message: "It is a directory" },
    { kind: "failed", cause: { code: "unavailable", message: "down" } },
  ),
);
/** Heads are looked at so late that GitHub shows them as they are. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ reading, isPush: fc.constant(true), afterMs: fc.constantFrom(1_000, 2 * minute) }),
  fc.record({ reading, isPush: fc.constant(false), afterMs: fc.constant(2 * minute) }),
);

const pushOf = (index: number): PushEvent => ({
  kind: "push",
  repository: "acme/app",
  ref: "refs/heads/main",
  defaultBranch: "main",
  before: `${index - 1}`,
  after: `${index}`,
  deleted: false,
  deliveryId: `${index}`,
  receivedAtMs: 0,
});

describe("the file of a repository", () => {
  it("is last-good: whatever is read, what counts is what the last sound one said, until it is gone", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let record: RepositoryRecord | undefined;
        let expected: number | undefined;
        let nowMs = 1_000_000;
        for (const [index, { reading: read, isPush, afterMs }] of steps.entries()) {
          nowMs += afterMs;
          const push = isPush ? pushOf(index) : undefined;
          const { record: next, finding } = takeRepositoryFile(record, read, push, {
            nowMs,
            path: "f",
          });
          const kind = finding.outcome.kind;
          if (read.kind === "absent") expected = undefined;
          if (read.kind === "text" && read.sha.startsWith("good")) {
            expected = Number(read.sha.slice("good-".length));
          }
          expect(next.narrowing?.maxCpu).toBe(expected);
          if (read.kind === "failed")
            expect([kind, next.lookedAtMs]).toEqual(["kept-last-good", 0]);
          if (kind === "rejected") expect(next.rejected?.version).toMatch(/^bad-|^unusable$/);
          // It is taken again as it was: nothing is news twice.
          const again = takeRepositoryFile(next, read, push, { nowMs, path: "f" });
          expect(again.record).toEqual(next);
          expect(again.finding.outcome.kind).not.toBe("applied");
          // What is put on record comes back as it was.
          expect(parseRepositoryRecord(JSON.parse(JSON.stringify(next)))).toEqual(next);
          record = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("that was refused and is gone is news, and its ETag is that of the head alone", () => {
    const at = { nowMs: 0, path: "f" };
    const bad = takeRepositoryFile(undefined, text(4, false), pushOf(1), at).record;
    const gone = takeRepositoryFile(bad, { kind: "absent" }, pushOf(2), at);
    expect(gone.finding).toMatchObject({
      outcome: { kind: "applied", version: "" },
      summary: "Nothing is narrowed",
    });
    expect(takeRepositoryFile(undefined, text(4, true), pushOf(1), at).record.etag).toBeUndefined();
    expect(takeRepositoryFile(undefined, text(4, true), undefined, at).record.etag).toBe('"4"');
    // Sound again after it was refused, it is in force again: that is news as well.
    const good = takeRepositoryFile(undefined, text(4, true), pushOf(1), at).record;
    const broken = takeRepositoryFile(good, text(4, false), pushOf(2), at).record;
    expect(takeRepositoryFile(broken, text(4, true), pushOf(3), at).finding.outcome.kind).toBe(
      "applied",
    );
    // Since when it is refused stays, however often it is looked at.
    const again = takeRepositoryFile(broken, text(4, false), undefined, {
      nowMs: 9,
      path: "f",
    }).record;
    expect(again.rejected).toEqual(broken.rejected);
  });

  it("is not thrown back by a head that GitHub still shows as it was before a push", () => {
    const at = (nowMs: number) => ({ nowMs, path: "f" });
    const first = takeRepositoryFile(undefined, text(4, true), undefined, at(0)).record;
    const pushed = takeRepositoryFile(first, text(2, true), pushOf(1), at(10_000)).record;
    expect(
      takeRepositoryFile(pushed, text(4, true), undefined, at(40_000)).record.narrowing?.maxCpu,
    ).toBe(2);
    expect(
      takeRepositoryFile(pushed, { kind: "absent" }, undefined, at(40_000)).record.narrowing
        ?.maxCpu,
    ).toBe(2);
    // A minute later it is believed: somebody has taken the push back.
    expect(
      takeRepositoryFile(pushed, text(4, true), undefined, at(70_001)).record.narrowing?.maxCpu,
    ).toBe(4);
  });
});
