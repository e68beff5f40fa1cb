import { describe, expect, it } from "vitest";
import type { GitHubRunner, GitHubRunners } from "../ports/github-client.ts";
import { sweepRunners } from "./sweep-runners.ts";

const runner = (name: string, changes: Partial<GitHubRunner> = {}): GitHubRunner => ({
  id: `id-${name}`,
  name,
  busy: false,
  online: false,
  labels: [],
  ...changes,
});

function stage(runners: GitHubRunner[], answer: "removed" | "busy" = "removed") {
  const removed: string[] = [];
  const suspects = new Set<string>();
  const port = {
    list: async () => runners,
    remove: async (_scope: string, id: string) => {
      removed.push(id);
      return answer;
    },
  } as unknown as GitHubRunners;
  const sweep = () =>
    sweepRunners(
      {
        runners: port,
        scopes: ["orgs/acme"],
        prefix: "rf-1-",
        isKnown: (name) => name === "rf-1-known",
        suspects,
      },
      {},
    );
  return { removed, sweep, runners };
}

describe("the sweep of registrations", () => {
  it("removes one that no machine has, once it was seen twice: a machine may be about to be written down", async () => {
    const { removed, sweep } = stage([runner("rf-1-orphan")]);
    expect(await sweep()).toBe(0);
    expect(removed).toEqual([]);
    expect(await sweep()).toBe(1);
    expect(removed).toEqual(["id-rf-1-orphan"]);
  });

  it("leaves alone what is known, busy, online, another shard's or somebody else's", async () => {
    const { removed, sweep } = stage([
      runner("rf-1-known"),
      runner("rf-1-busy", { busy: true }),
      runner("rf-1-online", { online: true }),
      runner("rf-2-other"),
      runner("laptop"),
    ]);
    for (let pass = 0; pass < 3; pass++) await sweep();
    expect(removed).toEqual([]);
  });

  it("forgets a suspicion that did not hold in between", async () => {
    const { removed, sweep, runners } = stage([runner("rf-1-orphan")]);
    await sweep();
    const orphan = runners.pop();
    await sweep();
    if (orphan) runners.push(orphan);
    await sweep();
    expect(removed).toEqual([]);
  });

  it("counts one that GitHub calls busy as not removed", async () => {
    const { sweep } = stage([runner("rf-1-orphan")], "busy");
    await sweep();
    expect(await sweep()).toBe(0);
  });
});
