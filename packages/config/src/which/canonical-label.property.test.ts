import { parseLabels } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalLabel } from "./canonical-label.ts";

const setting = fc.constantFrom(
  "cpu=4",
  "cpu=4+16",
  "CPU=2+2",
  "ram=8",
  "ram=0.5+8",
  "ram=16+16",
  "family=c7g+M7G",
  "family=c7*",
  "family=C7a.2xlarge",
  "gen=8",
  "arch=aarch64",
  "os=Linux",
  "os=windows",
  "runner=4cpu-linux-x64",
  "image=ubuntu",
  "pool=ci",
  "disk=200",
  "spot=false",
  "spot=true",
  "region=us-east-1+eu-west-1",
  "env=dev",
);
const ours = fc
  .tuple(
    fc.constantFrom("runs-fleet", "runs-fleet=42", "RUNS-FLEET"),
    fc.uniqueArray(setting, { maxLength: 6 }),
  )
  .map(([marker, settings]) => [[marker, ...settings].join("/")]);
const theirs = fc
  .uniqueArray(
    fc.constantFrom(
      "cpu=4",
      "cpu=2+8",
      "ram=16",
      "family=m7",
      "family=c7a.*+M7",
      "family=m7i.large+c7a.2xlarge",
      "image=ubuntu24-full-x64",
      "spot=never",
      "volume=80gb",
      "extras=s3-cache",
    ),
    { maxLength: 5 },
  )
  .map((settings) => ["runs-on=7", ...settings]);
const aliased = fc.nat(99).map((cpu) => [`ci-${cpu}x-arm64`]);

const catalog = {
  aliases: [{ match: "ci-(\\d+)x-arm64", use: "cpu=$1/arch=arm64" }],
  dialects: ["runs-on" as const],
};

describe("the one label of ours", () => {
  it("asks for exactly what the labels ask for that it stands for", () => {
    let understood = 0;
    fc.assert(
      fc.property(fc.oneof(ours, theirs, aliased), (labels) => {
        const asked = parseLabels(labels, catalog);
        if (!asked?.ok) return;
        understood += 1;
        const label = canonicalLabel(asked.value);
        const again = parseLabels([label], catalog);
        expect(again, label).toEqual({ ok: true, value: { ...asked.value, labels: [label] } });
      }),
      { numRuns: 2_000 },
    );
    expect(understood).toBeGreaterThan(500);
  });
});
