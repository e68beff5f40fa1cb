import type { PushEvent } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { fileOf, watchedFile } from "../../test/watched-file.ts";

const app = "acme/app";
const own = ".github/runs-fleet.yml";
const narrow = (what: string): string => `version: 1\nnarrow: { ${what} }\n`;
const hour = 3_600_000;

/** A fleet with a pool, and a process that follows the files of repositories. */
async function stage() {
  const watched = watchedFile();
  const { watcher, push, settled } = watched;
  const one = watcher();
  await settled(one.handlePush(push({ "": fileOf({ linux: 1 }) })));
  const commit = (text: string | undefined): PushEvent => ({
    ...push({ "": text }, app),
    touched: [own],
  });
  /** What a process knows of the repository, as soon as it answers. */
  const ask = (process = one) =>
    settled(process.narrowing?.(app) ?? Promise.reject(new Error("none")));
  return { ...watched, one, commit, ask };
}

describe("the file of a repository that is followed", () => {
  it("is read before the first job of its repository, and once for all of them", async () => {
    const { commit, ask, one, clock, settled } = await stage();
    commit(narrow("pools: [linux], maxCpu: 8"));
    const before = one.calls.length;
    const answers = await settled(
      Promise.all([app, app, "Acme/App"].map((name) => one.narrowing?.(name))),
    );
    for (const answer of answers) expect(answer).toMatchObject({ pools: ["linux"], maxCpu: 8 });
    await clock.advance(1_000);
    await ask();
    expect(one.calls.slice(before).filter((name) => name === "read")).toHaveLength(1);
  });

  it("is known to every process from the store, without another look", async () => {
    const { commit, ask, watcher, clock } = await stage();
    commit(narrow("maxJobs: 3"));
    await ask();
    await clock.advance(2_000);
    const other = watcher();
    expect(await ask(other)).toMatchObject({ maxJobs: 3 });
    expect(other.calls).toEqual(["get"]);
    // In memory for a minute; then the store may know more.
    await clock.advance(30_000);
    await ask(other);
    expect(other.calls).toEqual(["get"]);
    await clock.advance(31_000);
    await ask(other);
    expect(other.calls).toEqual(["get", "get"]);
  });

  it("counts from its push on, which is told its author", async () => {
    const { commit, ask, one, settled, github } = await stage();
    expect(await ask()).toBeUndefined();
    const event = commit(narrow("pools: [linux], maxReruns: 0"));
    expect(await settled(one.handlePush(event))).toMatchObject({ kind: "applied" });
    expect(await ask()).toMatchObject({ pools: ["linux"], maxReruns: 0 });
    expect(github.checks().at(-1)).toMatchObject({
      repository: app,
      sha: event.after,
      name: "runs-fleet/config",
      conclusion: "success",
      title: "Narrowed: pools linux; no re-runs",
    });
    const gone = commit(undefined);
    expect(await settled(one.handlePush(gone))).toMatchObject({ kind: "applied", version: "" });
    expect(await ask()).toBeUndefined();
    expect(github.checks().at(-1)).toMatchObject({ sha: gone.after, title: "Nothing is narrowed" });
  });

  it("stays as it was when a push breaks it: annotated at its place, and told where the fleet is told of", async () => {
    const { commit, ask, one, settled, github } = await stage();
    await settled(one.handlePush(commit(narrow("maxCpu: 4"))));
    const bad = commit(narrow("maxCpus: 64"));
    expect(await settled(one.handlePush(bad))).toMatchObject({ kind: "rejected" });
    expect(await ask()).toMatchObject({ maxCpu: 4 });
    expect(github.checks().at(-1)).toMatchObject({
      sha: bad.after,
      conclusion: "failure",
      annotations: [{ path: own, start_line: 2, annotation_level: "failure" }],
    });
    expect((await settled(one.standing())).repositories).toEqual({
      narrowed: 1,
      refused: [
        { repository: app, problem: expect.stringMatching(/^\.github\/runs-fleet\.yml:2:11: /) },
      ],
      more: 0,
    });
    await settled(one.handlePush(commit(narrow("maxCpu: 2"))));
    expect((await settled(one.standing())).repositories).toEqual({
      narrowed: 1,
      refused: [],
      more: 0,
    });
  });

  it("is warned of names that the organisation does not have", async () => {
    const { commit, one, settled, github } = await stage();
    await settled(one.handlePush(commit(narrow("pools: [linux, lunix]"))));
    expect(github.checks().at(-1)).toMatchObject({
      conclusion: "success",
      annotations: [
        { annotation_level: "warning", message: expect.stringContaining("no pool lunix") },
      ],
    });
  });

  it("is that of the newer push, in whatever order pushes arrive", async () => {
    const { commit, ask, one, settled } = await stage();
    const [first, second, third] = [1, 2, 3].map((maxCpu) => commit(narrow(`maxCpu: ${maxCpu}`)));
    if (!first || !second || !third) throw new Error("three");
    await settled(one.handlePush(third));
    for (const late of [first, second, first]) {
      expect(await settled(one.handlePush(late))).toMatchObject({ kind: "superseded" });
    }
    expect(await ask()).toMatchObject({ maxCpu: 3 });
  });

  it("holds no job up when GitHub does not answer: what was known last counts, and it is looked at again", async () => {
    const { commit, ask, one, watcher, settled, github, clock } = await stage();
    commit(narrow("maxCpu: 4"));
    github.setOutage({ api: "unavailable" });
    const began = clock.now();
    expect(await ask()).toBeUndefined();
    expect(clock.now() - began).toBeLessThanOrEqual(6_000);
    // The next ones do not wait at all.
    const again = clock.now();
    expect(await ask()).toBeUndefined();
    expect(clock.now() - again).toBeLessThanOrEqual(200);
    github.setOutage(undefined);
    await clock.advance(31_000);
    expect(await ask()).toMatchObject({ maxCpu: 4 });
    // A push that could not be read is looked at with the next job.
    github.setOutage({ api: "unavailable" });
    expect(await settled(one.handlePush(commit(narrow("maxCpu: 2"))))).toMatchObject({
      kind: "kept-last-good",
    });
    expect(await ask()).toMatchObject({ maxCpu: 4 });
    // Another process knows it as well, from the store alone.
    expect(await ask(watcher())).toMatchObject({ maxCpu: 4 });
    github.setOutage(undefined);
    await clock.advance(61_000);
    const other = watcher();
    await ask(other);
    await clock.advance(2_000);
    expect(await ask(other)).toMatchObject({ maxCpu: 2 });
  });

  it("is refused where it is no file, and keeps no other repository waiting", async () => {
    const { commit, ask, one, settled, github } = await stage();
    github.commitFile({ repository: app, path: `${own}/inside`, text: "x" });
    github.commitFile({ repository: "acme/other", path: own, text: narrow("maxCpu: 3") });
    expect(await ask()).toBeUndefined();
    const other = settled(one.narrowing?.("acme/other") ?? Promise.reject(new Error("none")));
    expect(await other).toMatchObject({ maxCpu: 3 });
    expect((await settled(one.standing())).repositories).toMatchObject({
      narrowed: 1,
      refused: [
        { repository: app, problem: expect.stringContaining("is a directory, not a file") },
      ],
    });
    github.commitFile({ repository: app, path: `${own}/inside` });
    await settled(one.handlePush(commit(narrow("maxCpu: 1"))));
    expect((await settled(one.standing())).repositories).toMatchObject({
      narrowed: 2,
      refused: [],
    });
  });

  it("is looked at again after an hour, when a push was lost", async () => {
    const { commit, ask, clock, one } = await stage();
    commit(narrow("maxCpu: 4"));
    await ask();
    await clock.advance(1_000);
    commit(narrow("maxCpu: 2"));
    await clock.advance(hour - 10_000);
    expect(await ask()).toMatchObject({ maxCpu: 4 });
    await clock.advance(10_000);
    const before = one.calls.length;
    // The job that finds that it is time is not held up.
    expect(await ask()).toMatchObject({ maxCpu: 4 });
    await clock.advance(2_000);
    expect(await ask()).toMatchObject({ maxCpu: 2 });
    expect(one.calls.slice(before).filter((name) => name === "read")).toHaveLength(1);
  });

  it("is looked at again after six hours where there was none: that costs a call each time", async () => {
    const { commit, ask, clock, one } = await stage();
    expect(await ask()).toBeUndefined();
    commit(narrow("maxCpu: 2"));
    for (const hours of [1, 4]) {
      await clock.advance(hours * hour);
      await ask();
    }
    await clock.advance(2_000);
    expect(await ask()).toBeUndefined();
    expect(one.calls.filter((name) => name === "read")).toHaveLength(2);
    await clock.advance(hour);
    await ask();
    await clock.advance(2_000);
    expect(await ask()).toMatchObject({ maxCpu: 2 });
  });

  it("is not looked at again by every job while GitHub does not answer", async () => {
    const { commit, ask, clock, one, github } = await stage();
    commit(narrow("maxCpu: 4"));
    await ask();
    await clock.advance(hour);
    github.setOutage({ api: "unavailable" });
    const before = one.calls.length;
    for (let job = 0; job < 20; job += 1) {
      expect(await ask()).toMatchObject({ maxCpu: 4 });
      await clock.advance(1_000);
    }
    expect(one.calls.slice(before).filter((name) => name === "read")).toHaveLength(1);
  });

  it("is not thrown back by a first look that a push overtook on its way to the store", async () => {
    const { commit, ask, clock, settled, store, watcher, one } = await stage();
    const shard = "configuration/acme/.github-private/.github/runs-fleet.yml/repositories";
    const held = await store.leases.acquire(shard, "somebody", 60_000);
    if (!held) throw new Error("The lease is free");
    commit(narrow("maxCpu: 1"));
    // Answered at once; its record waits for the lease.
    expect(await ask()).toMatchObject({ maxCpu: 1 });
    await clock.advance(250);
    const other = watcher();
    const push = other.handlePush(commit(narrow("maxCpu: 2")));
    await clock.advance(350);
    await store.leases.release(held);
    await settled(push);
    await clock.advance(5_000);
    expect(await ask(watcher())).toMatchObject({ maxCpu: 2 });
    expect(await ask(one)).toMatchObject({ maxCpu: 2 });
  });

  it("is not asked for by pushes that do not touch it, nor where nobody has jobs", async () => {
    const { push, one, ask, settled, clock } = await stage();
    const before = one.calls.length;
    const event = push({ "": narrow("maxCpu: 4") }, app);
    await settled(one.handlePush({ ...event, touched: [".github/CODEOWNERS"] }));
    await settled(one.handlePush({ ...event, touched: [own], ref: "refs/heads/feature" }));
    expect(one.calls.slice(before)).toEqual([]);
    // Whether it is touched is not known, and the repository has no jobs.
    expect(await settled(one.handlePush(event))).toEqual({ kind: "unchanged", version: "" });
    expect(one.calls.slice(before)).toEqual(["get"]);
    await ask();
    await clock.advance(2_000);
    const again = push({ "": narrow("maxCpu: 2") }, app);
    expect(await settled(one.handlePush(again))).toMatchObject({ kind: "applied" });
  });

  it("is not spoken of where there was none and is none", async () => {
    const { push, one, ask, settled, clock, github } = await stage();
    await ask();
    await clock.advance(2_000);
    const told = github.checks().length;
    const forced = push({ "README.md": "x" }, app);
    expect(await settled(one.handlePush(forced))).toEqual({ kind: "unchanged", version: "" });
    expect(one.calls.at(-2)).toBe("commit");
    expect(github.checks()).toHaveLength(told);
  });

  it("is never the organisation's own, and may be ruled out", async () => {
    const { one, watcher, settled, commit } = await stage();
    expect(
      await settled(one.narrowing?.("ACME/.github-private") ?? Promise.reject()),
    ).toBeUndefined();
    const without = watcher({ repositoryFiles: false });
    expect(without.narrowing).toBeUndefined();
    await settled(without.handlePush(commit(narrow("maxCpu: 1"))));
    expect(without.calls).toEqual([]);
  });

  it("is what it was or what it is, wherever the process dies that takes a push in", async () => {
    const whole = await stage();
    const counted = whole.watcher();
    await whole.settled(counted.handlePush(whole.commit(narrow("maxCpu: 8"))));
    const { calls } = counted;
    expect(calls).toContain("commit");
    for (let call = 0; call < calls.length; call += 1) {
      for (const when of ["before", "after"] as const) {
        const { commit, one, ask, watcher, settled } = await stage();
        await settled(one.handlePush(commit(narrow("maxCpu: 4"))));
        const event = commit(narrow("maxCpu: 8"));
        const doomed = watcher({}, { call, when });
        await settled(doomed.handlePush(event).catch(() => undefined));
        const where = `${when} call ${call}, ${calls[call]}`;
        expect(doomed.isDead(), where).toBe(true);
        expect([4, 8], where).toContain((await ask(watcher()))?.maxCpu);
        await settled(watcher().handlePush(event));
        expect((await ask(watcher()))?.maxCpu, where).toBe(8);
      }
    }
  });
});
