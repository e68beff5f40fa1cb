import type { Check } from "../../ports/github-client.ts";
import type { GitHubClientSuite } from "./github-client-suite.ts";
import { collect, failureOf } from "./stage.ts";

function annotationsOf(count: number): Check["annotations"] {
  return Array.from({ length: count }, (_, index) => ({
    path: "runs-fleet.yml",
    startLine: index + 1,
    endLine: index + 1,
    level: "warning" as const,
    message: `line ${index + 1}`,
  }));
}

/** Files of repositories. */
export function describeContents({ api, check }: GitHubClientSuite): void {
  const { expect } = api;
  const path = ".github/runs fleet#1.yml";

  check("reads a file at a commit, and knows it again by its ETag", async ({ client, github }) => {
    const first = github.commitFile({ repository: "acme/app", path, text: "a: ä\n" });
    const read = await client.contents.read("acme/app", path, first);
    if (read.status !== "ok") throw new Error(`expected a file, got ${read.status}`);
    expect(read.text).toBe("a: ä\n");
    const options = { etag: read.etag };
    expect(await client.contents.read("acme/app", path, first, options)).toEqual({
      status: "unchanged",
    });
    const second = github.commitFile({ repository: "acme/app", path, text: "b: 1\n" });
    const changed = await client.contents.read("acme/app", path, second, options);
    expect(changed.status === "ok" && changed.text).toBe("b: 1\n");
    const old = await client.contents.read("acme/app", path, first);
    expect(old.status === "ok" && old.sha).toBe(read.sha);
  });

  check("says that a file is absent or forbidden, never that it is empty", async ({ client }) => {
    const absent = { status: "absent-or-forbidden" };
    expect(await client.contents.read("acme/app", "none.yml", "main")).toEqual(absent);
    expect(await client.contents.read("acme/none", "none.yml", "main")).toEqual(absent);
    expect(await client.contents.read("elsewhere/app", "none.yml", "main")).toEqual(absent);
  });

  check("refuses what is no file", async ({ client, github }) => {
    const repository = "acme/app";
    github.commitFile({ repository, path: "folder/file", text: "x" });
    github.commitFile({ repository, path: "link", symlink: "nowhere" });
    github.commitFile({ repository, path: "module", submodule: "https://github.fake/a/b" });
    for (const bad of ["folder", "link", "module", "../secret"]) {
      expect(await failureOf(client.contents.read(repository, bad, "main"))).toBe("config");
    }
  });
}

/** Check runs. */
export function describeChecks({ api, check }: GitHubClientSuite): void {
  const { expect } = api;
  const report = { name: "runs-fleet/config", externalId: "k", title: "t", summary: "s" };

  check("makes a check once and then changes it", async ({ client, github }) => {
    const sha = github.commitFile({ repository: "acme/app", path: "a", text: "1" });
    const first = { ...report, sha, annotations: [] };
    await client.checks.report("acme/app", first);
    expect(github.checks()[0]?.status).toBe("in_progress");
    await client.checks.report("acme/app", { ...first, conclusion: "failure", title: "bad" });
    expect(github.checks().length).toBe(1);
    expect(github.checks()[0]?.status).toBe("completed");
    expect(github.checks()[0]?.conclusion).toBe("failure");
    expect(github.checks()[0]?.title).toBe("bad");
    await client.checks.report("acme/app", { ...first, externalId: "other" });
    expect(github.checks().length).toBe(2);
  });

  check("reports every annotation once, however many there are", async ({ client, github }) => {
    const sha = github.commitFile({ repository: "acme/app", path: "a", text: "1" });
    const annotations = annotationsOf(120);
    const full = { ...report, sha, conclusion: "failure" as const, annotations };
    await client.checks.report("acme/app", full);
    await client.checks.report("acme/app", full);
    expect(github.checks().length).toBe(1);
    expect(github.checks()[0]?.annotations.length).toBe(120);
    expect(github.checks()[0]?.conclusion).toBe("failure");
  });

  check("never leaves annotations of an earlier report in the newest check", async (scene) => {
    const { client, github } = scene;
    const sha = github.commitFile({ repository: "acme/app", path: "a", text: "1" });
    const full = { ...report, sha, conclusion: "failure" as const };
    await client.checks.report("acme/app", { ...full, annotations: annotationsOf(3) });
    await client.checks.report("acme/app", { ...full, annotations: annotationsOf(1) });
    expect(github.checks().at(-1)?.annotations.length).toBe(1);
  });

  check("cuts what is too long instead of failing", async ({ client, github }) => {
    const sha = github.commitFile({ repository: "acme/app", path: "a", text: "1" });
    const summary = "s".repeat(70_000);
    await client.checks.report("acme/app", { ...report, sha, summary, annotations: [] });
    expect(github.checks()[0]?.summary.startsWith("sss")).toBe(true);
  });
}

/** Deliveries of the App's webhook. */
export function describeDeliveries({ api, check }: GitHubClientSuite): void {
  const { expect } = api;

  check("lists failed deliveries until one of their guid succeeds", async (scene) => {
    const { client, github, clock } = scene;
    const sinceMs = clock.now();
    let down = true;
    const taken: string[] = [];
    github.webhooks.target(async (request) => {
      if (down) return new Response("no", { status: 500 });
      taken.push(request.headers.get("x-github-delivery") ?? "");
      return new Response("yes", { status: 202 });
    });
    const lost = github.webhooks.send("ping", { zen: "1" });
    await github.webhooks.settled();
    down = false;
    github.webhooks.send("ping", { zen: "2" });
    await github.webhooks.settled();
    const failed = await collect(client.deliveries.listFailed(sinceMs));
    expect(failed.map(({ guid }) => guid)).toEqual([lost]);
    await client.deliveries.redeliver(failed[0]?.id ?? "");
    await github.webhooks.settled();
    expect(taken.includes(lost)).toBe(true);
    expect(await collect(client.deliveries.listFailed(sinceMs))).toEqual([]);
  });

  check("looks back as far as it is told and over all pages", async (scene) => {
    const { client, github, clock } = scene;
    github.webhooks.target(async () => new Response("no", { status: 500 }));
    github.webhooks.send("ping", {});
    await github.webhooks.settled();
    await clock.advance(60_000);
    const sinceMs = clock.now();
    const guids: string[] = [];
    for (let index = 0; index < 230; index += 1) guids.push(github.webhooks.send("ping", {}));
    await github.webhooks.settled();
    const failed = await collect(client.deliveries.listFailed(sinceMs));
    expect(failed.map(({ guid }) => guid).sort()).toEqual([...guids].sort());
  });
}
