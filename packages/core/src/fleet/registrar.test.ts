import { describe, expect, it } from "vitest";
import { type FailureKind, FleetError } from "../ports/failure.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import { createRegistrar } from "./registrar.ts";

const fail = (kind: FailureKind) => Promise.reject(new FleetError({ kind, message: kind }));

function stage(mintAt: (scope: string) => FailureKind | undefined = () => undefined) {
  const calls: string[] = [];
  const state = {
    nowMs: 0,
    groups: [{ id: 7, name: "Fleet", visibility: "all" }],
    groupsFail: false,
  };
  const runners = {
    mint: (scope: string, { name, groupId }: { name: string; groupId: number }) => {
      calls.push(`mint ${scope} ${name} ${groupId}`);
      const kind = mintAt(scope);
      return kind ? fail(kind) : Promise.resolve({ runnerId: "1", jitConfig: "jit" });
    },
    groups: (scope: string) => {
      calls.push(`groups ${scope}`);
      return state.groupsFail ? fail("unavailable") : Promise.resolve(state.groups);
    },
  };
  const registrar = createRegistrar({ runners } as unknown as GitHubClient, () => state.nowMs);
  const mint = (repository = "Acme/App", runnerGroup?: string) =>
    registrar.mint({
      repository,
      runnerName: "r",
      labels: ["x"],
      runnerGroup,
      signal: new AbortController().signal,
    });
  return { calls, state, registrar, mint };
}

describe("the registrar", () => {
  it("registers at the organisation, in the default group", async () => {
    const { calls, mint } = stage();
    expect(await mint()).toEqual({ scope: "orgs/acme", runnerId: "1", jitConfig: "jit" });
    expect(calls).toEqual(["mint orgs/acme r 1"]);
  });

  it("finds a group by its name, case aside, and asks for the list once in half an hour", async () => {
    const { calls, mint, state } = stage();
    await Promise.all([mint("acme/a", "fleet"), mint("acme/b", "FLEET")]);
    state.nowMs = 29 * 60_000;
    await mint("acme/a", "fleet");
    expect(calls.filter((call) => call.startsWith("groups"))).toEqual(["groups orgs/acme"]);
    expect(calls.filter((call) => call.startsWith("mint"))).toEqual(
      Array(3).fill("mint orgs/acme r 7"),
    );
    state.nowMs = 31 * 60_000;
    await mint("acme/a", "fleet");
    expect(calls.filter((call) => call.startsWith("groups")).length).toBe(2);
  });

  it("refuses a group that is not there as a fault of the configuration, and looks again the next time", async () => {
    const { mint, state } = stage();
    await expect(mint("acme/a", "late")).rejects.toMatchObject({ kind: "config" });
    state.groups = [{ id: 8, name: "late", visibility: "all" }];
    expect((await mint("acme/a", "late")).runnerId).toBe("1");
  });

  it("does not remember a list that could not be read", async () => {
    const { mint, state } = stage();
    state.groupsFail = true;
    await expect(mint("acme/a", "fleet")).rejects.toMatchObject({ kind: "unavailable" });
    state.groupsFail = false;
    expect((await mint("acme/a", "fleet")).scope).toBe("orgs/acme");
  });

  it("registers at the repository of a user, and remembers that the owner is one", async () => {
    const { calls, mint, registrar } = stage((scope) =>
      scope.startsWith("orgs/") ? "not-found" : undefined,
    );
    expect(registrar.scopeOf("me/app")).toBe("orgs/me");
    expect((await mint("me/app")).scope).toBe("repos/me/app");
    await mint("me/other");
    expect(registrar.scopeOf("me/other")).toBe("repos/me/other");
    expect(calls).toEqual(["mint orgs/me r 1", "mint repos/me/app r 1", "mint repos/me/other r 1"]);
  });

  it("never falls back to a repository when a group was promised: the group is the boundary (isolated)", async () => {
    const { calls, mint, state } = stage(() => "not-found");
    state.groups = [{ id: 7, name: "fleet", visibility: "all" }];
    await expect(mint("acme/a", "fleet")).rejects.toMatchObject({ kind: "not-found" });
    expect(calls.filter((call) => call.startsWith("mint"))).toEqual(["mint orgs/acme r 7"]);
  });

  it.each(["unavailable", "throttled", "auth", "config", "conflict"] as const)(
    "passes %s on without a second try",
    async (kind) => {
      const { calls, mint } = stage(() => kind);
      await expect(mint()).rejects.toMatchObject({ kind });
      expect(calls.length).toBe(1);
    },
  );

  it("does not take a repository that is not there either for a user's", async () => {
    const { mint, registrar } = stage(() => "not-found");
    await expect(mint("gone/app")).rejects.toMatchObject({ kind: "not-found" });
    expect(registrar.scopeOf("gone/app")).toBe("orgs/gone");
  });
});
