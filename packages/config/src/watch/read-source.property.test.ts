import { type FileContents, FleetError, type GitHubContents } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createConfigSource } from "./read-source.ts";
import { versionOf } from "./version-of.ts";

const path = ".github/runs-fleet.yml";
const mostAtOnce = 6;

/** What becomes of one included file when it is asked for. */
interface Fate {
  readonly delayMs: number;
  readonly answer: "ok" | "absent" | "fails";
}

/** A GitHub that takes its time: what it was asked, and how many questions were open at once. */
function slowGitHub(main: string, fateOf: (name: string) => Fate) {
  const clock = createVirtualClock(0);
  const asked: { readonly name: string; readonly etag: string | undefined }[] = [];
  let open = 0;
  let mostOpen = 0;
  const contents: GitHubContents = {
    read: async (_repository, file, _ref, options): Promise<FileContents> => {
      const name = file.slice(".github/".length);
      asked.push({ name, etag: options?.etag });
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      try {
        const isMain = file === path;
        const { delayMs, answer } = isMain ? ({ delayMs: 0, answer: "ok" } as const) : fateOf(name);
        await clock.sleep(delayMs, options?.signal);
        if (answer === "fails")
          throw new FleetError({ kind: "unavailable", message: `no ${name}` });
        if (answer === "absent") return { status: "absent-or-forbidden" };
        if (options?.etag === `etag-${name}`) return { status: "unchanged" };
        const text = isMain ? main : `# ${name}`;
        return { status: "ok", text, sha: `sha-${name}`, etag: `etag-${name}` };
      } finally {
        open -= 1;
      }
    },
  };
  return { clock, contents, asked, open: () => open, mostOpen: () => mostOpen };
}

/** Reads it, and lets time go on until there is an answer. */
async function readAll(github: ReturnType<typeof slowGitHub>, source: ReturnType<typeof sourceOf>) {
  const reading = source.read("HEAD");
  await github.clock.runUntil(github.clock.now() + 100_000);
  return reading;
}

const sourceOf = ({ contents }: ReturnType<typeof slowGitHub>) =>
  createConfigSource(contents, "acme/.github-private", path);

const fates = fc.array(
  fc.record({
    delayMs: fc.integer({ min: 1, max: 9 }),
    answer: fc.constantFrom<Fate["answer"]>("ok", "ok", "ok", "ok", "absent", "fails"),
  }),
  { maxLength: 20 },
);

describe("the included files of a configuration", () => {
  it("come to what reading them one after the other comes to, whichever answer is first", async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (written) => {
        const names = written.map((_, index) => `team-${index}.yml`);
        const main = `version: 1\ninclude: [${names.join(", ")}]\n`;
        const github = slowGitHub(main, (name) => {
          const fate = written[names.indexOf(name)];
          if (fate === undefined) throw new Error(`${name} is not included`);
          return fate;
        });
        const source = sourceOf(github);
        const reading = await readAll(github, source);
        expect(github.open()).toBe(0);
        expect(github.mostOpen()).toBeLessThanOrEqual(mostAtOnce);
        const failing = written.findIndex(({ answer }) => answer === "fails");
        if (failing >= 0) {
          const cause = { code: "unavailable", message: `no team-${failing}.yml` };
          expect(reading).toEqual({ ok: false, cause, retryable: true });
          // Begun in their order, and none of those that a sequence would not have waited for, but the ones at once.
          const begun = github.asked.slice(1).map(({ name }) => name);
          expect(begun).toEqual(names.slice(0, begun.length));
          return;
        }
        const there = names.filter((_, index) => written[index]?.answer === "ok");
        const expected = {
          text: main,
          include: Object.fromEntries(there.map((name) => [name, `# ${name}`])),
          version: versionOf(
            "sha-runs-fleet.yml",
            names.map((name) => ({ name, sha: there.includes(name) ? `sha-${name}` : undefined })),
          ),
        };
        expect(reading).toEqual({ ok: true, source: expected });
        expect(github.asked.map(({ name }) => name)).toEqual(["runs-fleet.yml", ...names]);

        // What did not change is not sent again.
        expect(await readAll(github, source)).toEqual({ ok: true, source: expected });
        const again = github.asked.slice(names.length + 1);
        expect(again).toEqual(
          ["runs-fleet.yml", ...names].map((name) => ({
            name,
            etag: name === "runs-fleet.yml" || there.includes(name) ? `etag-${name}` : undefined,
          })),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("take four rounds where twenty would be one after the other", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `team-${index}.yml`);
    const main = `include: [${names.join(", ")}]\n`;
    const github = slowGitHub(main, () => ({ delayMs: 1_000, answer: "ok" }));
    const reading = sourceOf(github).read("HEAD");
    let tookMs: number | undefined;
    void reading.then(() => {
      tookMs = github.clock.now();
    });
    await github.clock.runUntil(60_000);
    expect((await reading).ok).toBe(true);
    expect(github.mostOpen()).toBe(mostAtOnce);
    expect(tookMs).toBe(4_000);
  });

  it("are given up together when the reading is", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `team-${index}.yml`);
    const github = slowGitHub(`include: [${names.join(", ")}]\n`, () => ({
      delayMs: 1_000,
      answer: "ok",
    }));
    const over = new AbortController();
    const reading = sourceOf(github).read("HEAD", { signal: over.signal });
    const outcome = reading.catch((error: unknown) => error);
    await github.clock.runUntil(500);
    over.abort(new Error("no more"));
    expect(await outcome).toEqual(new Error("no more"));
    expect(github.open()).toBe(0);
    expect(github.asked).toHaveLength(1 + mostAtOnce);
  });
});
