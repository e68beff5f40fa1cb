import { describe, expect, it } from "vitest";
import { aCatalog, aContext, anEvent, aPool } from "../../test/fleet/builders.ts";
import { routeJob } from "./route-demand.ts";

const catalog = aCatalog({
  environments: [
    { name: "ci", regions: ["local"] },
    { name: "prod", regions: ["local"] },
  ],
  pools: [aPool("web"), aPool("prod-web", { environment: "prod" })],
  policies: [
    { name: "everyone", repositories: ["acme/*"], allow: { environments: ["ci"], pools: ["web"] } },
  ],
});

function routedIn(environment: string, label: string) {
  const event = anEvent("1", "queued", { labels: [label] });
  const routed = routeJob(event, aContext({ catalog, environment }));
  return routed.kind === "refused" ? routed.code : routed.kind;
}

describe("a job of another environment", () => {
  it.each([
    "runs-fleet/env=prod",
    "runs-fleet/pool=prod-web",
    "runs-fleet/env=prod/pool=prod-web",
    "runs-fleet/env=prod/pool=no-such",
    "runs-fleet/env=prod/pool=web",
  ])("is not ours to refuse, and its own environment refuses it (%s)", (label) => {
    expect(routedIn("ci", label)).toBe("not-ours");
    expect(routedIn("prod", label)).not.toBe("not-ours");
    expect(routedIn("prod", label)).not.toBe("placed");
  });

  it.each([
    ["runs-fleet/cpus=2", "labels-invalid"],
    ["runs-fleet/env=moon", "unknown-environment"],
  ])(
    "is refused by the default environment alone when nobody can tell whose it is (%s)",
    (label, code) => {
      expect(routedIn("ci", label)).toBe(code);
      expect(routedIn("prod", label)).toBe("not-ours");
    },
  );

  it("stays where it is when it is ours", () => {
    expect(routedIn("ci", "runs-fleet/pool=web")).toBe("placed");
    expect(routedIn("ci", "runs-fleet")).toBe("placed");
  });
});
