import { describe, expect, it } from "vitest";
import { createClientStage, outcomeOf, testToken } from "../../test/github-client-stage.ts";
import { systemEntropy } from "../ports/system-clock.ts";
import { createFakeGitHub } from "../testing/github/index.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createGitHubClient } from "./index.ts";

const noRunners = { body: { total_count: 0, runners: [] } };
const startMs = 1_790_000_000_000;

describe("authentication", () => {
  it("asks for one installation and one token, however many calls begin at once", async () => {
    const { client, clock, authCalls, calls } = createClientStage(() => noRunners);
    const lists = Array.from({ length: 60 }, () => client.runners.list("orgs/acme"));
    await outcomeOf(clock, Promise.all(lists));
    expect(authCalls.map((call) => call.url.pathname)).toEqual([
      "/orgs/acme/installation",
      "/app/installations/77/access_tokens",
    ]);
    expect(new Set(calls.map((call) => call.headers.get("authorization")))).toEqual(
      new Set([`Bearer ${testToken}`]),
    );
  });

  it("keeps a token until five minutes before its end", async () => {
    const { client, clock, authCalls } = createClientStage(() => noRunners);
    await client.runners.list("orgs/acme");
    await clock.advance(54 * 60_000);
    await client.runners.list("orgs/acme");
    expect(authCalls).toHaveLength(2);
    await clock.advance(2 * 60_000);
    await client.runners.list("orgs/acme");
    expect(authCalls).toHaveLength(3);
  });

  it("goes on with the old token when a new one cannot be had yet", async () => {
    let down = false;
    const { client, clock, calls } = createClientStage(() => noRunners, {
      onAuth: () => (down ? { status: 503 } : undefined),
    });
    await client.runners.list("orgs/acme");
    down = true;
    await clock.advance(57 * 60_000);
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toBeUndefined();
    expect(calls).toHaveLength(2);
    await clock.advance(4 * 60_000);
    const late = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(late.error).toMatchObject({ kind: "unavailable" });
  });

  it("replaces a token that GitHub refuses, once, also for a change", async () => {
    const { client, clock, authCalls, calls } = createClientStage((_, count) =>
      count === 1
        ? { status: 401, body: { message: "Bad credentials" } }
        : { status: 201, body: { runner: { id: 5 }, encoded_jit_config: "abc" } },
    );
    const minted = client.runners.mint("orgs/acme", { name: "a", labels: ["x"], groupId: 1 });
    const { value } = await outcomeOf(clock, minted);
    expect(value).toEqual({ runnerId: "5", jitConfig: "abc" });
    expect(calls).toHaveLength(2);
    expect(authCalls).toHaveLength(3);
  });

  it("gives up when the next token is refused too", async () => {
    const { client, clock, calls } = createClientStage(() => ({
      status: 401,
      body: { message: "Bad credentials" },
    }));
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "auth", retryable: false });
    expect(calls).toHaveLength(2);
  });

  it("finds the installation of a person where there is no organisation", async () => {
    const { client, clock, authCalls } = createClientStage(() => noRunners, {
      onAuth: (call) =>
        call.url.pathname.startsWith("/orgs/") ? { status: 404, body: {} } : undefined,
    });
    await outcomeOf(clock, client.runners.list("orgs/octocat"));
    expect(authCalls.map((call) => call.url.pathname).slice(0, 2)).toEqual([
      "/orgs/octocat/installation",
      "/users/octocat/installation",
    ]);
  });

  it("says where the App is not installed", async () => {
    const { client, clock } = createClientStage(() => noRunners, {
      onAuth: () => ({ status: 404, body: { message: "Not Found" } }),
    });
    const { error } = await outcomeOf(clock, client.runners.list("repos/acme/app"));
    expect(error).toMatchObject({
      kind: "not-found",
      message: expect.stringContaining("not installed on acme/app"),
    });
  });

  it("does not fail others when one caller leaves the common wait", async () => {
    const { client, clock } = createClientStage(() => noRunners);
    const leaving = new AbortController();
    const first = client.runners.list("orgs/acme", { signal: leaving.signal });
    const second = client.runners.list("orgs/acme");
    leaving.abort("left");
    await expect(first).rejects.toBe("left");
    expect((await outcomeOf(clock, second)).value).toEqual([]);
  });
});

describe("authentication with the fake GitHub", () => {
  const clientOn = (
    github: ReturnType<typeof createFakeGitHub>,
    clock: ReturnType<typeof createVirtualClock>,
  ) =>
    createGitHubClient({
      appId: github.app.id,
      privateKey: github.app.privateKey,
      baseUrl: "https://github.fake",
      fetch: github.fetch,
      clock,
      entropy: systemEntropy,
    });

  it.each([-3_600_000, -90_000, -30_000, 30_000, 180_000, 7_200_000])(
    "works with a local clock that is off by %i ms",
    async (offMs) => {
      const clock = createVirtualClock(startMs);
      await using github = createFakeGitHub({ clock, entropy: systemEntropy });
      github.setRepository({ name: "acme/app" });
      const client = clientOn(github, createVirtualClock(startMs + offMs));
      expect(await client.runners.list("orgs/acme")).toEqual([]);
      expect(await client.runners.list("orgs/acme")).toEqual([]);
    },
  );

  it("finds the new installation after the App was installed anew", async () => {
    const clock = createVirtualClock(startMs);
    await using github = createFakeGitHub({ clock, entropy: systemEntropy });
    github.setRepository({ name: "acme/app" });
    const client = clientOn(github, clock);
    await client.runners.list("orgs/acme");
    github.setInstallation("acme", true);
    expect(await client.runners.list("orgs/acme")).toEqual([]);
    github.setInstallation("acme", false);
    await expect(client.runners.list("orgs/acme")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("refuses the key of another App", async () => {
    const clock = createVirtualClock(startMs);
    await using github = createFakeGitHub({ clock, entropy: systemEntropy, app: { id: "7" } });
    github.setRepository({ name: "acme/app" });
    const client = createGitHubClient({
      appId: "8",
      privateKey: github.app.privateKey,
      baseUrl: "https://github.fake",
      fetch: github.fetch,
      clock,
    });
    await expect(client.runners.list("orgs/acme")).rejects.toMatchObject({ kind: "auth" });
  });
});
