import type { Catalog } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { madeUpFor } from "./made-up.ts";

const pool = (name: string, repositories?: readonly string[]) => ({
  name,
  environment: "ci",
  regions: [{ name: "eu" }],
  shape: { os: "linux", cpu: { min: 2, max: 2 } } as const,
  schedule: { default: { hot: 1, stopped: 0 }, entries: [] },
  limits: { machines: 5 },
  ...(repositories === undefined ? {} : { repositories }),
});
const catalog = (pools: Catalog["pools"], repositories: readonly string[]): Catalog => ({
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["eu"] }],
  images: [],
  pools,
  policies: [{ name: "all", repositories, allow: {} }],
});

describe("made-up jobs", () => {
  it("ask for each pool, from repositories that the policies cover", () => {
    expect(madeUpFor(catalog([pool("a"), pool("b")], ["acme/*"]))).toEqual({
      labels: [["runs-fleet/pool=a"], ["runs-fleet/pool=b"]],
      repositories: ["acme/app", "acme/web", "acme/api", "acme/docs", "acme/infra"],
    });
    expect(madeUpFor(catalog([pool("a")], ["umbrella/team-*"])).repositories[0]).toBe(
      "umbrella/team-app",
    );
    expect(madeUpFor(catalog([pool("a")], ["umbrella/one"])).repositories).toEqual([
      "umbrella/one",
    ]);
    expect(madeUpFor(catalog([pool("a")], ["*"])).repositories[0]).toBe("acme/app");
  });

  it("come from repositories that are claimed, where a rollout observes the others", () => {
    const rollout = { claim: ["acme/sandbox-*", "acme/web", "other/x"], else: "observe" } as const;
    const { repositories } = madeUpFor({ ...catalog([pool("a")], ["acme/*"]), rollout });
    expect(repositories).toContain("acme/web");
    expect(repositories).toContain("acme/sandbox-app");
    expect(repositories).not.toContain("acme/app");
    expect(repositories).not.toContain("other/x");
  });

  it("leave out pools and repositories that do not fit together", () => {
    const made = madeUpFor(catalog([pool("a"), pool("b", ["acme/web"])], ["acme/*"]));
    expect(made).toEqual({
      labels: [["runs-fleet/pool=a"], ["runs-fleet/pool=b"]],
      repositories: ["acme/web"],
    });
  });

  it("ask for nothing in particular where there is no pool, and for nothing where nobody may", () => {
    expect(madeUpFor(catalog([], ["acme/*"])).labels).toEqual([["runs-fleet"]]);
    expect(madeUpFor(catalog([pool("a")], []))).toEqual({ labels: [], repositories: [] });
  });
});
