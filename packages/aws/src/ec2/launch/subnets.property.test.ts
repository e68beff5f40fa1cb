import fc from "fast-check";
import { expect, it } from "vitest";
import { subnetsFor } from "./subnets.ts";

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const subnets = fc
  .array(fc.constantFrom(...zones), { maxLength: 12 })
  .map((own) => own.map((zone, index) => ({ id: `subnet-${index}`, zone })));

it("chooses one subnet of each zone, the same for the same token", () => {
  fc.assert(
    fc.property(subnets, fc.string(), (all, token) => {
      const chosen = subnetsFor(all, token);
      expect(chosen.map(({ zone }) => zone).sort()).toEqual(
        [...new Set(all.map(({ zone }) => zone))].sort(),
      );
      expect(all).toEqual(expect.arrayContaining([...chosen]));
      expect(subnetsFor(all, token)).toEqual(chosen);
    }),
  );
});

it("chooses no other subnet for a zone that is named", () => {
  fc.assert(
    fc.property(subnets, fc.string(), fc.constantFrom(...zones), (all, token, zone) => {
      expect(subnetsFor(all, token, zone)).toEqual(
        subnetsFor(all, token).filter((own) => own.zone === zone),
      );
    }),
  );
});

it("spreads tokens over the subnets of a zone", () => {
  const all = ["a", "b", "c"].map((id) => ({ id, zone: "eu-west-1a" }));
  const tokens = Array.from({ length: 300 }, (_, index) => `token-${index}`);
  const counts = tokens.map((token) => subnetsFor(all, token)[0]?.id);
  for (const { id } of all) {
    expect(counts.filter((own) => own === id).length).toBeGreaterThan(60);
  }
});
