import { describe, expect, it } from "vitest";
import { ignoredLabelKeys, parseLabels } from "./parse-labels.ts";
import type { LabelCatalog } from "./request.ts";

const catalog: LabelCatalog = { dialects: ["runs-on"] };

describe("labels of RunsOn", () => {
  it("are nobody's unless the catalog names the dialect", () => {
    expect(parseLabels(["runs-on=1/cpu=4"])).toBeUndefined();
    expect(parseLabels(["runs-on=1/cpu=4"], {})).toBeUndefined();
    expect(parseLabels(["runs-on=1/cpu=4"], { dialects: [] })).toBeUndefined();
  });

  it.each([
    ["a single label", ["runs-on=123/cpu=4/ram=16/family=c7a"]],
    ["a label with commas", ["runs-on=123,cpu=4,ram=16,family=c7a"]],
    ["an array", ["runs-on=123", "cpu=4", "ram=16", "family=c7a"]],
    ["an array with the old run id", ["runs-on", "run-id=123", "cpu=4", "ram=16", "family=c7a"]],
    ["another case", ["Runs-On=123/CPU=4/Ram=16/family=C7A"]],
  ])("are read from %s", (_, labels) => {
    expect(parseLabels(labels, catalog)).toMatchObject({
      ok: true,
      value: {
        labels,
        runId: "123",
        cpu: { min: 4, max: 4 },
        ramGib: { min: 16 },
        families: ["c7a*"],
        arch: "x64",
        explicit: ["cpu", "ram", "family", "arch"],
      },
    });
    expect(ignoredLabelKeys(labels, catalog)).toEqual([]);
  });

  it.each([
    ["runs-on", {}],
    ["runs-on=1-matrix-3", {}],
    ["runner=16cpu-linux-arm64", { arch: "arm64", cpu: { min: 16, max: 16 } }],
    ["cpu=0.5", { cpu: { min: 1, max: 1 } }],
    ["cpu=4+16", { cpu: { min: 4, max: 16 } }],
    ["cpu=2+8+4", { cpu: { min: 2, max: 8 } }],
    ["ram=32+16", { ramGib: { min: 16, max: 32 } }],
    ["family=c7", { families: ["c7*"], arch: "x64" }],
    ["family=C7+c7*+m7i-", { families: ["c7*", "m7i-*"] }],
    ["family=c7a+m7a.large+t3.*+m7a.large", { families: ["c7a*", "m7a.large", "t3"] }],
    ["family=c7a.2xlarge", { families: ["c7a.2xlarge"], cpu: { min: 8, max: 8 }, arch: "x64" }],
    ["family=m7i.large+c7a.2xlarge", { cpu: { min: 2, max: 8 } }],
    ["family=g4dn.xlarge+c7/ram=16", { cpu: { min: 2, max: 4 }, ramGib: { min: 16 } }],
    ["family=c7a.2xlarge/cpu=4", { families: ["c7a.2xlarge"], cpu: { min: 4, max: 4 } }],
    ["family=c7*.large", { families: ["c7*.large"], cpu: { min: 2, max: 2 } }],
    ["family=c7*.*", { families: ["c7*"] }],
    ["image=ubuntu24-full-arm64", { image: "ubuntu24-full-arm64", os: "linux", arch: "arm64" }],
    ["image=windows22-base-x64", { image: "windows22-base-x64", os: "windows", arch: "x64" }],
    ["image=mine", { image: "mine", os: "linux" }],
    ["volume=gp3:40gb:125mibps:3000iops", { diskGib: 40 }],
    ["volume=95gb:io2:2000iops", { diskGib: 95 }],
    ["volume=20gb", { diskGib: 30 }],
    ["spot=false", { spot: false }],
    ["spot=never", { spot: false }],
    ["spot=true", { spot: true }],
    ["spot=pco", { spot: true }],
    ["spot=price-capacity-optimized", { spot: true }],
    ["spot=lp", { spot: true }],
    ["spot=lowest-price", { spot: true }],
    ["spot=co", { spot: true }],
    ["spot=capacity-optimized", { spot: true }],
    ["env=staging", { environment: "staging" }],
    ["region=eu-west-1", { regions: ["eu-west-1"] }],
    ["pool=ci", { pool: "ci" }],
  ])("mean with %s what they meant there", (setting, wanted) => {
    const label = setting.startsWith("runs-on") ? setting : `runs-on=1/${setting}`;
    expect(parseLabels([label], catalog)).toMatchObject({ ok: true, value: wanted });
  });

  it("without an image are of x64, as the usual one there, unless no family named is", () => {
    const archOf = (setting: string) => {
      const read = parseLabels([`runs-on=1/${setting}`], {
        ...catalog,
        runners: { mine: { os: "linux", cpu: { min: 2, max: 2 } } },
      });
      return read?.ok ? (read.value.arch ?? "either") : read;
    };
    expect(archOf("cpu=2")).toBe("x64");
    expect(archOf("family=c7g+c7")).toBe("x64");
    expect(archOf("family=c7g+m8g.large+t4g.*")).toBe("either");
    expect(archOf("family=c7g/image=ubuntu24-full-arm64")).toBe("arm64");
    expect(archOf("image=mine")).toBe("either");
    expect(archOf("runner=mine")).toBe("either");
    expect(archOf("runner=2cpu-linux-arm64/family=c7")).toBe("arm64");
    expect(archOf("pool=ci")).toBe("either");
  });

  it("may have keys that we do not: they are ignored, and named for the decision record", () => {
    const labels = [
      "runs-on=1/cpu=4/extras=s3-cache+tmpfs/retry=false/ssh=false/private=true/nested-virt=true/debug=true/sticky=40gb/tag=blue/disk=large/hdd=80/volume=gp3/solo",
    ];
    expect(parseLabels(labels, catalog)).toMatchObject({
      ok: true,
      value: { explicit: ["cpu", "arch"] },
    });
    expect(ignoredLabelKeys(labels, catalog)).toEqual(
      "extras retry ssh private nested-virt debug sticky tag disk hdd volume solo".split(" "),
    );
  });

  it("ignore all but env and region when they name a pool", () => {
    const labels = ["runs-on=1/cpu=64/pool=ci/env=dev/region=us-east-1/spot=maybe"];
    expect(parseLabels(labels, catalog)).toMatchObject({
      ok: true,
      value: {
        pool: "ci",
        environment: "dev",
        cpu: { min: 2 },
        explicit: ["pool", "env", "region"],
      },
    });
    expect(ignoredLabelKeys(labels, catalog)).toEqual(["cpu", "spot"]);
  });

  it.each([
    ["cpu=many", "invalid-value", "cpu"],
    ["cpu=2000", "out-of-range", "cpu"],
    ["ram=", "empty-value", "ram"],
    ["family=", "empty-value", "family"],
    ["family=c*g", "invalid-value", "family"],
    ["family=c7i.metal-24xl", "invalid-value", "family"],
    ["image=", "empty-value", "image"],
    ["spot=maybe", "invalid-value", "spot"],
    ["volume=99999gb", "out-of-range", "disk"],
    ["runner=4cpu-linux-x64/image=ubuntu24-full-arm64", "contradiction", "arch"],
    ["cpu=4/cpu=8", "duplicate-key", "cpu"],
  ])("with %s are refused, against the label that says it", (setting, code, key) => {
    const label = `runs-on=1/${setting}`;
    expect(parseLabels([label], catalog)).toMatchObject({
      ok: false,
      issues: [{ code, key, label }],
    });
  });

  it("may stand among labels of another kind, which are not theirs to ignore", () => {
    const labels = ["self-hosted", "runs-on=1", "cpu=4", "linux"];
    expect(parseLabels(labels, catalog)).toMatchObject({ value: { cpu: { min: 4 }, labels } });
    expect(ignoredLabelKeys(labels, catalog)).toEqual([]);
  });

  it("blame the one label of an array that is wrong, and a second marker", () => {
    expect(parseLabels(["runs-on=1", "cpu=many", "self-hosted"], catalog)).toMatchObject({
      issues: [{ code: "invalid-value", label: "cpu=many" }],
    });
    expect(parseLabels(["runs-on=1", "runs-on=2"], catalog)).toMatchObject({
      issues: [{ code: "several-labels", label: "runs-on=2" }],
    });
  });

  it("give way to a label of ours and to an alias", () => {
    const both: LabelCatalog = {
      dialects: ["runs-on"],
      aliases: [{ match: "runs-on=legacy", use: "cpu=8" }],
    };
    expect(parseLabels(["runs-on=1/cpu=4", "runs-fleet/cpu=2"], both)).toMatchObject({
      value: { cpu: { min: 2 } },
    });
    expect(parseLabels(["runs-on=legacy"], both)).toMatchObject({ value: { cpu: { min: 8 } } });
    expect(ignoredLabelKeys(["runs-on=1/tag=x", "runs-fleet"], both)).toEqual([]);
    expect(ignoredLabelKeys(["runs-on=legacy", "runs-on=1/tag=x"], both)).toEqual([]);
  });

  it.each([["runs-on-foo"], ["runs-ons/cpu=4"], ["cpu=4"], ["my/runs-on"]])(
    "are not %s",
    (label) => {
      expect(parseLabels([label], catalog)).toBeUndefined();
      expect(ignoredLabelKeys([label], catalog)).toEqual([]);
    },
  );
});
