import { describe, expect, it } from "vitest";
import { parseLabels } from "./parse-labels.ts";
import type { LabelCatalog, LabelIssue, RunnerRequest } from "./request.ts";

function request(label: string | readonly string[], catalog?: LabelCatalog): RunnerRequest {
  const labels = typeof label === "string" ? [label] : label;
  const parsed = parseLabels(labels, catalog);
  if (!parsed?.ok) throw new Error(`Expected a request, got ${JSON.stringify(parsed)}`);
  return parsed.value;
}

function issues(label: string | readonly string[], catalog?: LabelCatalog): readonly LabelIssue[] {
  const labels = typeof label === "string" ? [label] : label;
  const parsed = parseLabels(labels, catalog);
  if (parsed === undefined || parsed.ok) {
    throw new Error(`Expected issues, got ${JSON.stringify(parsed)}`);
  }
  return parsed.issues;
}

function codes(label: string | readonly string[], catalog?: LabelCatalog): readonly string[] {
  return issues(label, catalog).map(({ code }) => code);
}

describe("labels that are ours", () => {
  it("reads the bare marker as a request with all defaults", () => {
    expect(request("runs-fleet")).toEqual({
      labels: ["runs-fleet"],
      os: "linux",
      cpu: { min: 2, max: 2 },
      families: [],
      spot: true,
      regions: [],
      explicit: [],
    });
  });

  it("takes a run id and changes nothing for it", () => {
    expect(request("runs-fleet=123")).toEqual({
      ...request("runs-fleet"),
      labels: ["runs-fleet=123"],
      runId: "123",
    });
    expect(request("runs-fleet=00123/cpu=4")).toMatchObject({ runId: "00123", cpu: { min: 4 } });
  });

  it("keeps the labels of the job as they were written, with those that are not ours", () => {
    const labels = ["Self-Hosted", "RUNS-FLEET/CPU=4", "gpu=no/thing"];
    expect(request(labels).labels).toEqual(labels);
  });

  it("reads the whole grammar and lists the named keys in their order", () => {
    expect(
      request(
        "runs-fleet=7/disk=200/cpu=4+16/ram=8+32/family=c7g+M7G/gen=8/arch=aarch64/os=linux/image=ubuntu/pool=ci/spot=false/region=us-east-1+EU-west-1/env=dev",
      ),
    ).toMatchObject({
      os: "linux",
      arch: "arm64",
      cpu: { min: 4, max: 16 },
      ramGib: { min: 8, max: 32 },
      families: ["c7g", "m7g"],
      generation: 8,
      diskGib: 200,
      image: "ubuntu",
      pool: "ci",
      spot: false,
      regions: ["us-east-1", "eu-west-1"],
      environment: "dev",
      runId: "7",
      explicit: "disk cpu ram family gen arch os image pool spot region env".split(" "),
    });
  });

  it.each([
    [[]],
    [["ubuntu-latest"]],
    [["runs-fleet-foo"]],
    [["runs-fleetish"]],
    [["runs-fleet.cpu=4"]],
    [["my-runs-fleet/cpu=4"]],
    [["runs-fleet foo"]],
    [["self-hosted", "linux", "x64"]],
    [["runs-on=1/cpu=4"]],
    [["x".repeat(300)]],
    [[""]],
  ])("leaves %j to others", (labels) => {
    expect(parseLabels(labels)).toBeUndefined();
    expect(parseLabels(labels, {})).toBeUndefined();
  });
});

describe("values", () => {
  it.each([
    ["cpu=4", { cpu: { min: 4, max: 4 } }],
    ["cpu=1", { cpu: { min: 1, max: 1 } }],
    ["cpu=896", { cpu: { min: 896, max: 896 } }],
    ["cpu=4+16", { cpu: { min: 4, max: 16 } }],
    ["cpu=4+4", { cpu: { min: 4, max: 4 } }],
    ["ram=8", { ramGib: { min: 8 } }],
    ["ram=0.5", { ramGib: { min: 0.5 } }],
    ["ram=99999.999", { ramGib: { min: 99999.999 } }],
    ["ram=0.001+0.5", { ramGib: { min: 0.001, max: 0.5 } }],
    ["family=c7g", { families: ["c7g"] }],
    ["family=C7*+c7", { families: ["c7*", "c7"] }],
    ["family=U-6TB1+c7i-flex", { families: ["u-6tb1", "c7i-flex"] }],
    ["gen=1", { generation: 1 }],
    ["gen=12", { generation: 12 }],
    ["arch=arm64", { arch: "arm64" }],
    ["arch=AArch64", { arch: "arm64" }],
    ["arch=x64", { arch: "x64" }],
    ["arch=AMD64", { arch: "x64" }],
    ["arch=x86_64", { arch: "x64" }],
    ["os=linux", { os: "linux" }],
    ["os=Windows", { os: "windows", arch: "x64" }],
    ["os=windows/arch=amd64", { os: "windows", arch: "x64" }],
    ["runner=4cpu-linux-arm64", { os: "linux", arch: "arm64", cpu: { min: 4, max: 4 } }],
    ["runner=8cpu-windows-x64", { os: "windows", arch: "x64", runner: "8cpu-windows-x64" }],
    ["runner=4cpu-linux-x64/cpu=8+16", { cpu: { min: 8, max: 16 }, arch: "x64" }],
    ["cpu=8/runner=4cpu-linux-x64", { cpu: { min: 8, max: 8 }, arch: "x64" }],
    ["runner=4cpu-linux-x64/os=linux/arch=x86_64", { os: "linux", arch: "x64" }],
    ["runner=std", { runner: "std", cpu: { min: 2, max: 2 } }],
    ["runner=constructor", { runner: "constructor" }],
    ["image=ubuntu24_x64-2", { image: "ubuntu24_x64-2" }],
    [`pool=${"p".repeat(63)}`, { pool: "p".repeat(63) }],
    ["disk=30", { diskGib: 30 }],
    ["disk=16384", { diskGib: 16384 }],
    ["spot=TRUE", { spot: true }],
    ["spot=False", { spot: false }],
    ["region=us-gov-west-1", { regions: ["us-gov-west-1"] }],
    ["region=ap-southeast-2+AP-northeast-1", { regions: ["ap-southeast-2", "ap-northeast-1"] }],
    ["env=dev", { environment: "dev" }],
  ])("reads %s", (settings, wanted) => {
    expect(request(`runs-fleet/${settings}`)).toMatchObject(wanted);
  });

  it("leaves absent what was not asked for", () => {
    expect(Object.keys(request("runs-fleet/cpu=4")).sort()).toEqual([
      "cpu",
      "explicit",
      "families",
      "labels",
      "os",
      "regions",
      "spot",
    ]);
  });
});

describe("issues", () => {
  it.each([
    ["runs-fleet/", "empty-segment", undefined],
    ["runs-fleet//cpu=4", "empty-segment", undefined],
    ["runs-fleet/cpu=4/", "empty-segment", undefined],
    ["runs-fleet=", "invalid-run-id", undefined],
    ["runs-fleet=cpu=8", "invalid-run-id", undefined],
    ["runs-fleet=12a/cpu=4", "invalid-run-id", undefined],
    ["runs-fleet=-1", "invalid-run-id", undefined],
    ["runs-fleet/cpu", "empty-value", "cpu"],
    ["runs-fleet/cpu=", "empty-value", "cpu"],
    ["runs-fleet/pool=", "empty-value", "pool"],
    ["runs-fleet/family=c7g+", "empty-value", "family"],
    ["runs-fleet/family=+c7g", "empty-value", "family"],
    ["runs-fleet/=4", "unknown-key", ""],
    ["runs-fleet/gpu=1", "unknown-key", "gpu"],
    ["runs-fleet/constructor=1", "unknown-key", "constructor"],
    ["runs-fleet/cpu =4", "unknown-key", "cpu "],
    ["runs-fleet/cpu=4/cpu=4", "duplicate-key", "cpu"],
    ["runs-fleet/cpu=4/CPU=8", "duplicate-key", "cpu"],
    ["runs-fleet/family=c7g+C7G", "duplicate-key", "family"],
    ["runs-fleet/region=us-east-1+us-east-1", "duplicate-key", "region"],
    ["runs-fleet/cpu=0", "out-of-range", "cpu"],
    ["runs-fleet/cpu=897", "out-of-range", "cpu"],
    ["runs-fleet/cpu=4+897", "out-of-range", "cpu"],
    [`runs-fleet/cpu=${"9".repeat(200)}`, "out-of-range", "cpu"],
    ["runs-fleet/cpu=16+4", "inverted-range", "cpu"],
    ["runs-fleet/cpu=-4", "invalid-value", "cpu"],
    ["runs-fleet/cpu=+4", "invalid-value", "cpu"],
    ["runs-fleet/cpu=4+", "invalid-value", "cpu"],
    ["runs-fleet/cpu=4+8+16", "invalid-value", "cpu"],
    ["runs-fleet/cpu=04", "invalid-value", "cpu"],
    ["runs-fleet/cpu=4.0", "invalid-value", "cpu"],
    ["runs-fleet/cpu=1e3", "invalid-value", "cpu"],
    ["runs-fleet/cpu=0x10", "invalid-value", "cpu"],
    ["runs-fleet/cpu=NaN", "invalid-value", "cpu"],
    ["runs-fleet/cpu=Infinity", "invalid-value", "cpu"],
    ["runs-fleet/cpu= 4", "invalid-value", "cpu"],
    ["runs-fleet/cpu=4 ", "invalid-value", "cpu"],
    ["runs-fleet/cpu=４", "invalid-value", "cpu"],
    ["runs-fleet/cpu=4=4", "invalid-value", "cpu"],
    ["runs-fleet/ram=0", "out-of-range", "ram"],
    ["runs-fleet/ram=0.000", "out-of-range", "ram"],
    ["runs-fleet/ram=32+8", "inverted-range", "ram"],
    ["runs-fleet/ram=1e3", "invalid-value", "ram"],
    ["runs-fleet/ram=.5", "invalid-value", "ram"],
    ["runs-fleet/ram=5.", "invalid-value", "ram"],
    ["runs-fleet/ram=0.0001", "invalid-value", "ram"],
    ["runs-fleet/ram=100000", "invalid-value", "ram"],
    ["runs-fleet/ram=-8", "invalid-value", "ram"],
    ["runs-fleet/ram=NaN", "invalid-value", "ram"],
    ["runs-fleet/family=7g", "invalid-value", "family"],
    ["runs-fleet/family=c*g", "invalid-value", "family"],
    ["runs-fleet/family=*", "invalid-value", "family"],
    ["runs-fleet/family=c7g,m7g", "invalid-value", "family"],
    ["runs-fleet/gen=0", "out-of-range", "gen"],
    ["runs-fleet/gen=13", "out-of-range", "gen"],
    ["runs-fleet/gen=7+8", "invalid-value", "gen"],
    ["runs-fleet/arch=mips", "invalid-value", "arch"],
    // The Kelvin sign folds to k in Unicode, not in our alphabet.
    ["runs-fleet/di\u212A=40", "unknown-key", "di\u212A"],
    ["runs-fleet/os=macos", "invalid-value", "os"],
    ["runs-fleet/os=windows/arch=arm64", "contradiction", "arch"],
    ["runs-fleet/runner=4cpu-linux-x64/os=windows", "contradiction", "os"],
    ["runs-fleet/runner=4cpu-linux-x64/arch=arm64", "contradiction", "arch"],
    ["runs-fleet/runner=4cpu-windows-arm64", "contradiction", "runner"],
    ["runs-fleet/runner=0cpu-linux-x64", "out-of-range", "runner"],
    ["runs-fleet/runner=897cpu-linux-x64", "out-of-range", "runner"],
    ["runs-fleet/runner=04cpu-linux-x64", "invalid-value", "runner"],
    ["runs-fleet/runner=4CPU-linux-x64", "invalid-value", "runner"],
    ["runs-fleet/image=Ubuntu", "invalid-value", "image"],
    ["runs-fleet/pool=CI", "invalid-value", "pool"],
    ["runs-fleet/pool=-ci", "invalid-value", "pool"],
    [`runs-fleet/pool=${"p".repeat(64)}`, "invalid-value", "pool"],
    ["runs-fleet/env=Dev", "invalid-value", "env"],
    ["runs-fleet/disk=29", "out-of-range", "disk"],
    ["runs-fleet/disk=16385", "out-of-range", "disk"],
    ["runs-fleet/disk=80GiB", "invalid-value", "disk"],
    ["runs-fleet/spot=yes", "invalid-value", "spot"],
    ["runs-fleet/region=mars", "invalid-value", "region"],
    ["runs-fleet/region=us-east-", "invalid-value", "region"],
    ["runs-fleet/region=us--1", "invalid-value", "region"],
    ["runs-fleet/region=east-1", "invalid-value", "region"],
    ["runs-fleet/region=us-east-100", "invalid-value", "region"],
    [" runs-fleet/cpu=4", "invalid-value", undefined],
    ["runs-fleet ", "invalid-value", undefined],
    ["runs-fleet\t/cpu=4", "invalid-value", undefined],
  ])("refuses %j with %s", (label, code, key) => {
    const found = issues(label);
    expect(found.map((issue) => [issue.code, issue.key, issue.label])).toEqual([
      [code, key, label],
    ]);
    expect(found[0]?.message).not.toBe("");
  });

  it("reports everything that is wrong with a label at once, in its order", () => {
    expect(codes("runs-fleet=x/cpuu=4/cpu=16+4//ram=/gen=99/cpu=no/os=windows/arch=arm64")).toEqual(
      [
        "invalid-run-id",
        "unknown-key",
        "inverted-range",
        "empty-segment",
        "empty-value",
        "out-of-range",
        "duplicate-key",
        "invalid-value",
        "contradiction",
      ],
    );
  });

  it("does not blame a wrong value for a contradiction too", () => {
    expect(codes("runs-fleet/runner=4cpu-windows-x64/os=windoze")).toEqual(["invalid-value"]);
  });

  it("refuses a second label of ours and reads it as well", () => {
    const found = issues(["runs-fleet/cpu=0", "linux", "RUNS-FLEET/ram=0", "runs-fleet"]);
    expect(found.map(({ code, label }) => [code, label])).toEqual([
      ["out-of-range", "runs-fleet/cpu=0"],
      ["several-labels", "RUNS-FLEET/ram=0"],
      ["out-of-range", "RUNS-FLEET/ram=0"],
      ["several-labels", "runs-fleet"],
    ]);
    expect(codes(["runs-fleet", "runs-fleet"])).toEqual(["several-labels"]);
  });

  it("refuses what GitHub cannot give to a runner: long labels, ours or not, and too many", () => {
    const longest = `runs-fleet/${"/".repeat(245)}`;
    expect(longest).toHaveLength(256);
    expect(codes(longest)).not.toContain("too-long");
    expect(codes(`${longest}/`)).toEqual(["too-long"]);
    expect(issues(["runs-fleet", "x".repeat(257)])).toMatchObject([
      { code: "too-long", label: "x".repeat(257) },
    ]);
    const hundred = ["runs-fleet", ...Array.from({ length: 99 }, (_, i) => `l${i}`)];
    expect(request(hundred).labels).toHaveLength(100);
    expect(codes([...hundred, "one-more"])).toEqual(["too-long"]);
  });

  it("stops at 100 issues, so that a hostile job cannot fill a record", () => {
    expect(codes(`runs-fleet${"/".repeat(240)}`)).toHaveLength(100);
    expect(codes(Array.from({ length: 100 }, () => "runs-fleet/a/b/c"))).toHaveLength(100);
  });

  it("keeps messages short whatever the label", () => {
    expect(issues(`runs-fleet/cpu=${"9".repeat(200)}`)[0]?.message).not.toContain("e+");
    for (const { message } of issues(`runs-fleet/${"x".repeat(240)}=1`)) {
      expect(message.length).toBeLessThan(250);
    }
    for (const { message } of issues(`runs-fleet/${"x".repeat(100_000)}`)) {
      expect(message.length).toBeLessThan(250);
    }
  });

  it("explains that a setting behind the equals sign is lost", () => {
    expect(issues("runs-fleet=cpu=8")[0]?.message).toContain("runs-fleet/cpu=8");
  });
});

describe("suggestions", () => {
  it.each([
    ["cpus=4", "cpu"],
    ["CPUU=4", "cpu"],
    ["cup=4", "cpu"],
    ["memory=4", "ram"],
    ["regoin=us-east-1", "region"],
    [" cpu=4", "cpu"],
    ["arch=arm", "arm64"],
    ["arch=x86-64", "x86_64"],
    ["os=widnows", "windows"],
    ["os=win", "windows"],
    ["spot=flase", "false"],
    ["pool=CI", "ci"],
    ["env= dev", "dev"],
    ["runner=4CPU-Linux-X64", "4cpu-linux-x64"],
    ["runner=04cpu-linux-x64", "4cpu-linux-x64"],
    ["runner=4cpu-windows-arm64", "4cpu-windows-x64"],
    ["cpu=16+4", "4+16"],
    ["ram=32+0.5", "0.5+32"],
    ["cpu=04", "4"],
    ["cpu=+4", "4"],
    ["cpu=4-16", "4+16"],
    ["cpu=4 ", "4"],
    ["disk=80GiB", "80"],
    ["ram=16gb", "16"],
    ["family=c7g.x_large+m7g", "c7g+m7g"],
    ["family=c7*.*+m7g", "c7*+m7g"],
    ["region=eu-west-1+us_east_1", "eu-west-1+us-east-1"],
    ["region=us-east1", "us-east-1"],
    ["runner=4cpu-linux-x64/arch=arm64", "x64"],
  ])("answers %s with %s", (settings, suggestion) => {
    expect(issues(`runs-fleet/${settings}`)[0]?.suggestion).toBe(suggestion);
  });

  it.each(["quux=4", "cpu=many", "os=macos", "cpu=900", "pool=a.b", "cpu=0000"])(
    "stays silent about %s",
    (settings) => {
      expect(issues(`runs-fleet/${settings}`)[0]).not.toHaveProperty("suggestion");
    },
  );

  it("is a right value: the label with it has no such issue", () => {
    const wrong = ["cpu=16+4", "cpu=04", "disk=80GiB", "region=us-east1", "pool=CI", "arch=arm"];
    for (const setting of wrong) {
      const key = setting.slice(0, setting.indexOf("="));
      const suggestion = issues(`runs-fleet/${setting}`)[0]?.suggestion;
      expect(parseLabels([`runs-fleet/${key}=${suggestion}`])).toMatchObject({ ok: true });
    }
  });
});

describe("runners of a catalog", () => {
  const catalog: LabelCatalog = {
    runners: {
      std: { os: "linux", cpu: { min: 4, max: 4 } },
      "win-big": { os: "windows", cpu: { min: 16, max: 16 } },
    },
  };

  it("keeps a known name for route", () => {
    expect(request("runs-fleet/runner=std", catalog)).toMatchObject({
      runner: "std",
      explicit: ["runner"],
    });
    expect(request("runs-fleet/runner=2cpu-linux-x64", catalog).cpu).toEqual({ min: 2, max: 2 });
  });

  it("refuses an unknown name and suggests a near one", () => {
    expect(issues("runs-fleet/runner=sdt", catalog)).toMatchObject([
      { code: "invalid-value", key: "runner", suggestion: "std" },
    ]);
    expect(codes("runs-fleet/runner=constructor", catalog)).toEqual(["invalid-value"]);
    expect(codes("runs-fleet/runner=std", { runners: {} })).toEqual(["invalid-value"]);
  });

  it("leaves the name alone when the catalog does not say which runners there are", () => {
    expect(request("runs-fleet/runner=std", {}).runner).toBe("std");
  });
});
