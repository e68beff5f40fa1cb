import { describe, expect, it } from "vitest";
import { fileOf, repository, watchedFile } from "../../test/watched-file.ts";
import { createConfigWatcher } from "./create-config-watcher.ts";

const hotOf = (
  current:
    | {
        config: {
          catalog: { pools: readonly { name: string; schedule: { default: { hot: number } } }[] };
        };
      }
    | undefined,
) =>
  current &&
  Object.fromEntries(
    current.config.catalog.pools.map((pool) => [pool.name, pool.schedule.default.hot]),
  );

describe("a watched configuration", () => {
  it("comes into force with its push, and every process sees it", async () => {
    const { push, watcher, settled, github } = watchedFile();
    const one = watcher();
    const other = watcher();
    expect(await settled(other.current())).toBeUndefined();
    const event = push({ "": fileOf({ web: 1, data: 2 }) });
    const outcome = await settled(one.handlePush(event));
    expect(outcome.kind).toBe("applied");
    expect(hotOf(await settled(other.current()))).toEqual({ web: 1, data: 2 });
    expect(github.checks()).toMatchObject([
      { name: "runs-fleet/config", sha: event.after, conclusion: "success", status: "completed" },
    ]);
    expect(await settled(other.standing())).toMatchObject({
      source: `${repository}/.github/runs-fleet.yml`,
      applied: { commit: event.after },
    });
  });

  it("stays when a push breaks it: annotated, on record, and gone from there with the next good one", async () => {
    const { push, watcher, settled, github } = watchedFile();
    const one = watcher();
    await settled(one.handlePush(push({ "": fileOf({ web: 1 }) })));
    const bad = push({ "": fileOf({ web: 1 }, "poolz: 3\n") });
    expect(await settled(one.handlePush(bad))).toMatchObject({
      kind: "rejected",
      issues: [{ rule: "unknown-key", start: { line: 6, column: 1 } }],
    });
    expect(hotOf(await settled(one.current()))).toEqual({ web: 1 });
    const check = github.checks().at(-1);
    expect(check).toMatchObject({ sha: bad.after, conclusion: "failure" });
    expect(check?.annotations).toMatchObject([
      { path: ".github/runs-fleet.yml", start_line: 6, annotation_level: "failure" },
    ]);
    expect(await settled(one.standing())).toMatchObject({
      rejected: {
        commit: bad.after,
        more: 0,
        problems: [expect.stringMatching(/^\.github\/runs-fleet\.yml:6:1: /)],
      },
    });
    await settled(one.handlePush(push({ "": fileOf({ web: 3 }) })));
    expect(hotOf(await settled(one.current()))).toEqual({ web: 3 });
    expect((await settled(one.standing())).rejected).toBeUndefined();
  });

  it("stays when the file is deleted or GitHub is down, and an alert says so until it can be read", async () => {
    const { push, watcher, settled, github, clock } = watchedFile();
    const one = watcher();
    await settled(one.handlePush(push({ "": fileOf({ web: 1 }) })));
    const gone = push({ "": undefined });
    expect(await settled(one.handlePush(gone))).toMatchObject({
      kind: "kept-last-good",
      cause: { code: "not-found" },
    });
    expect(github.checks().at(-1)).toMatchObject({ sha: gone.after, conclusion: "failure" });
    const sinceMs = (await settled(one.standing())).alert?.sinceMs;
    await clock.advance(5_000);
    await settled(one.poll());
    expect((await settled(one.standing())).alert).toMatchObject({
      sinceMs,
      cause: { code: "not-found" },
    });
    expect(hotOf(await settled(one.current()))).toEqual({ web: 1 });
    await settled(one.handlePush(push({ "": fileOf({ web: 2 }) })));
    expect((await settled(one.standing())).alert).toBeUndefined();

    github.setOutage({ api: "unavailable" });
    const during = push({ "": fileOf({ web: 9 }) });
    expect(await settled(one.handlePush(during))).toMatchObject({ kind: "kept-last-good" });
    expect(hotOf(await settled(one.current()))).toEqual({ web: 2 });
    github.setOutage(undefined);
    expect(await settled(one.poll())).toMatchObject({ kind: "applied" });
    expect(hotOf(await settled(one.current()))).toEqual({ web: 9 });
  });

  it("is that of the newer push, in whatever order pushes arrive", async () => {
    const { push, watcher, settled, github } = watchedFile();
    const one = watcher();
    const first = push({ "": fileOf({ web: 1 }) });
    const second = push({ "": fileOf({ web: 2 }) });
    const third = push({ "": fileOf({ web: 3 }) });
    await settled(one.handlePush(third));
    for (const late of [first, second, first]) {
      expect(await settled(one.handlePush(late))).toMatchObject({ kind: "superseded" });
    }
    expect(hotOf(await settled(one.current()))).toEqual({ web: 3 });
    expect(github.checks().filter(({ conclusion }) => conclusion === "neutral").length).toBe(2);
    // Again, and by another process: nothing changes.
    expect(await settled(watcher().handlePush(third))).toMatchObject({ kind: "unchanged" });
  });

  it("is not thrown back by an older push that arrives after a newer one was refused", async () => {
    const { push, watcher, settled } = watchedFile();
    const one = watcher();
    await settled(one.handlePush(push({ "": fileOf({ web: 1 }) })));
    const good = push({ "": fileOf({ web: 2 }) });
    const bad = push({ "": "pools: [" });
    await settled(one.handlePush(bad));
    expect(await settled(one.handlePush(good))).toMatchObject({ kind: "superseded" });
    expect(hotOf(await settled(one.current()))).toEqual({ web: 1 });
  });

  it("is found by looking when no push told of it, with what it includes", async () => {
    const { push, watcher, settled, clock } = watchedFile();
    const looking = watcher({ pollIntervalMs: 300_000 });
    const main = fileOf({ web: 1 }, "include: [team.yml]\n");
    const team = (hot: number) =>
      `pools: { team: { default: { hot: ${hot} }, limits: { machines: 9 } } }`;
    const lost = push({ "": main, "team.yml": team(1) });
    expect(await settled(looking.poll())).toMatchObject({ kind: "applied" });
    expect(hotOf(await settled(looking.current()))).toEqual({ web: 1, team: 1 });
    // What was found by looking is not thrown back by its own push, nor by one before it.
    push({ "team.yml": team(2) });
    await clock.advance(331_000);
    expect(hotOf(await settled(looking.current()))).toEqual({ web: 1, team: 2 });
    expect(await settled(looking.handlePush(lost))).toMatchObject({ kind: "superseded" });
    expect(hotOf(await settled(looking.current()))).toEqual({ web: 1, team: 2 });
    expect(await settled(looking.poll())).toMatchObject({ kind: "unchanged" });
    await looking[Symbol.asyncDispose]();
  });

  it("is not that of other repositories, branches and deletions", async () => {
    const { push, watcher, settled } = watchedFile();
    const one = watcher();
    const event = push({ "": fileOf({ web: 1 }) });
    for (const other of [
      { ...event, repository: "acme/app", touched: ["README.md"] },
      { ...event, ref: "refs/heads/feature" },
      { ...event, ref: "refs/tags/main" },
      { ...event, deleted: true },
    ]) {
      expect(await settled(one.handlePush(other))).toEqual({ kind: "unchanged", version: "" });
    }
    expect(one.calls).toEqual([]);
    expect(
      await settled(one.handlePush({ ...event, repository: "ACME/.GitHub-Private" })),
    ).toMatchObject({ kind: "applied" });
  });

  it("keeps two versions of its pools, however many there were", async () => {
    const { push, watcher, settled, store } = watchedFile();
    const one = watcher();
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`p${index}`, index]),
    );
    for (let round = 0; round < 4; round += 1) {
      await settled(one.handlePush(push({ "": fileOf({ ...many, round }) })));
    }
    expect(Object.keys(hotOf(await settled(watcher().current())) ?? {}).length).toBe(151);
    const ids: string[] = [];
    for await (const { id } of store.load(`configuration/${repository}/.github/runs-fleet.yml`))
      ids.push(id);
    expect(ids.length).toBe(1 + 2 * 152);
  });

  it("refuses options that cannot work", () => {
    const { store, github } = watchedFile();
    const options = { store, github: github.client, repository };
    expect(() => createConfigWatcher({ ...options, repository: "acme" })).toThrow(TypeError);
    expect(() => createConfigWatcher({ ...options, path: "/x" })).toThrow(TypeError);
    expect(() => createConfigWatcher({ ...options, pollIntervalMs: -1 })).toThrow(RangeError);
  });
});
