import { describe, expect, it } from "vitest";
import { createClientStage, outcomeOf, testToken } from "../../test/github-client-stage.ts";
import { FleetError } from "../ports/failure.ts";
import { createGitHubClient } from "./index.ts";

const noRunners = { body: { total_count: 0, runners: [] } };
const mintRequest = { name: "rf-1", labels: ["x"], groupId: 1 } as const;

describe("repeating", () => {
  it("repeats a read that failed for a moment, with growing pauses", async () => {
    const { client, clock, calls } = createClientStage((_, count) =>
      count < 3 ? { status: 502, body: "<html>bad gateway</html>" } : noRunners,
    );
    const { value, elapsedMs } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(value).toEqual([]);
    expect(calls).toHaveLength(3);
    expect(elapsedMs).toBeGreaterThan(250);
  });

  it("gives up after three attempts", async () => {
    const { client, clock, calls } = createClientStage(() => {
      throw new TypeError("fetch failed");
    });
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "unavailable", retryable: true });
    expect(calls).toHaveLength(3);
  });

  it("never repeats a change that may have happened", async () => {
    for (const answer of [
      () => ({ status: 502 }),
      () => {
        throw new TypeError("fetch failed");
      },
    ]) {
      const { client, clock, calls } = createClientStage(answer);
      const { error } = await outcomeOf(clock, client.runners.mint("orgs/acme", mintRequest));
      expect(error).toMatchObject({ kind: "unavailable" });
      expect(calls).toHaveLength(1);
    }
  });

  it("does not wait for a limit that lasts", async () => {
    const { client, clock, calls } = createClientStage(() => ({
      status: 429,
      headers: { "retry-after": "20" },
    }));
    const { error, elapsedMs } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "throttled", retryAfterMs: 20_000 });
    expect(elapsedMs).toBeLessThan(1_000);
    const again = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(again.error).toMatchObject({ kind: "throttled" });
    expect(calls).toHaveLength(1);
  });

  it("waits for a limit that is over in a moment", async () => {
    const { client, clock, calls } = createClientStage((_, count) =>
      count === 1 ? { status: 403, headers: { "retry-after": "1" } } : noRunners,
    );
    const { value, elapsedMs } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(value).toEqual([]);
    expect(elapsedMs).toBeGreaterThanOrEqual(1_000);
    expect(calls).toHaveLength(2);
  });

  it("gives up an answer that never comes", async () => {
    const { client, clock } = createClientStage(() => new Promise(() => undefined));
    // The stand-in does not hear its signal either.
    const call = client.runners.mint("orgs/acme", mintRequest);
    const { error, elapsedMs } = await outcomeOf(clock, call);
    expect(error).toMatchObject({ kind: "unavailable" });
    expect(elapsedMs).toBeGreaterThanOrEqual(30_000);
    expect(elapsedMs).toBeLessThan(31_000);
  });

  it("stops a pause when its caller gives up", async () => {
    const { client, clock, calls } = createClientStage(() => ({ status: 500 }));
    const leaving = new AbortController();
    const call = client.runners.list("orgs/acme", { signal: leaving.signal });
    const outcome = outcomeOf(clock, call);
    clock.sleep(60).then(
      () => leaving.abort("enough"),
      () => undefined,
    );
    expect((await outcome).error).toBe("enough");
    expect(calls.length).toBeLessThan(3);
  });
});

describe("answers", () => {
  it("uses what it has when GitHub says that nothing changed", async () => {
    const { client, calls } = createClientStage((call) =>
      call.headers.get("if-none-match") === '"g1"'
        ? { status: 304, headers: { etag: '"g1"' } }
        : {
            headers: { etag: '"g1"' },
            body: { runner_groups: [{ id: 3, name: "fleet", visibility: "all" }] },
          },
    );
    const first = await client.runners.groups("orgs/acme");
    expect(await client.runners.groups("orgs/acme")).toEqual(first);
    expect(calls[1]?.headers.get("if-none-match")).toBe('"g1"');
    await client.runners.groups("orgs/other");
    expect(calls[2]?.headers.get("if-none-match")).toBeNull();
  });

  it.each([
    ["a text", "<html>hello</html>"],
    ["another form", { runners: [{ id: "x" }] }],
    ["nothing", undefined],
  ])("calls %s in place of a list unknown, and never empty", async (_name, body) => {
    const { client, clock } = createClientStage(() => (body === undefined ? {} : { body }));
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "unknown" });
  });

  it("refuses an answer without end", async () => {
    const { client, clock } = createClientStage(() => ({ body: "x".repeat(17_000_000) }));
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "unknown", message: expect.stringContaining("larger") });
  });

  it("tells no secret when a form is wrong or a body quotes one", async () => {
    for (const answer of [
      { status: 201, body: { runner: { id: "x" }, encoded_jit_config: "c2VjcmV0".repeat(40) } },
      { status: 422, body: { message: `bad ${testToken} ${"c2VjcmV0".repeat(40)}` } },
    ]) {
      const { client, clock } = createClientStage(() => answer);
      const { error } = await outcomeOf(clock, client.runners.mint("orgs/acme", mintRequest));
      if (!FleetError.isInstance(error)) throw new Error("expected a FleetError");
      const told = `${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}`;
      expect(told).not.toContain("c2VjcmV0c2VjcmV0");
      expect(told).not.toContain(testToken.slice(9, 40));
    }
  });
});

describe("where it speaks", () => {
  it("keeps the path of an enterprise server", async () => {
    const { client, calls } = createClientStage(() => noRunners, {
      baseUrl: "https://github.acme.example/api/v3/",
    });
    await client.runners.list("orgs/acme");
    expect(calls[0]?.url.href).toBe(
      "https://github.acme.example/api/v3/orgs/acme/actions/runners?per_page=100",
    );
  });

  it("encodes what goes into a path", async () => {
    const { client, calls } = createClientStage(() => ({ status: 404, body: {} }));
    await client.contents.read("acme/app", "a b/ü#?.yml", "feature/x&y");
    expect(calls[0]?.url.pathname).toBe("/repos/acme/app/contents/a%20b/%C3%BC%23%3F.yml");
    expect(calls[0]?.url.search).toBe("?ref=feature%2Fx%26y");
  });

  it.each(["acme", "acme/app/x", "../app", "acme/..", "acme/a b", "", "acme/"])(
    "sends nothing for the repository name %j",
    async (name) => {
      const { client, calls, authCalls } = createClientStage(() => noRunners);
      await expect(client.jobs.listQueued(name)).rejects.toMatchObject({ kind: "config" });
      expect([...calls, ...authCalls]).toEqual([]);
    },
  );

  it.each([
    ["no key", { appId: "1", privateKey: "x" }],
    ["a plain http base", { baseUrl: "http://github.example" }],
    ["a base with a password", { baseUrl: "https://me:secret@github.example" }],
    ["a base that is no URL", { baseUrl: "github.com" }],
  ])("refuses %s at once", (_name, options) => {
    const { testKey: _, ...rest } = { testKey: "", ...options };
    expect(() => createGitHubClient({ appId: "1", privateKey: "x", ...rest })).toThrow(TypeError);
  });
});
