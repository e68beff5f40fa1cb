import { expect, it } from "vitest";
import type { Catalog } from "../src/index.ts";
import { tryOut } from "./readme-example.ts";

const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["local"] }],
  pools: [],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};

it("serves a job in the README's world, and refuses one with a reason", async () => {
  const served = await tryOut(catalog, ["runs-fleet/cpu=2"]);
  expect(served.map(({ state, conclusion }) => [state, conclusion])).toEqual([
    ["completed", "success"],
  ]);
  const refused = await tryOut(catalog, ["runs-fleet/pool=ci"]);
  expect(refused.map(({ state, cause }) => [state, cause?.code])).toEqual([
    ["failed", "unknown-pool"],
  ]);
});
