import { describe, expect, it } from "vitest";
import { parseLabels } from "./parse-labels.ts";
import type { LabelAlias, LabelCatalog } from "./request.ts";

const migrating: LabelCatalog = {
  aliases: [
    { match: "ci-(\\d+)x-arm64", use: "cpu=$1/arch=arm64" },
    { match: "([a-z]+)-runner-(\\d+)", use: "pool=$1/ram=$2" },
    { match: "ubuntu-latest", use: "" },
    { match: "big", use: "cpu=16/ram=64" },
    { labels: ["self-hosted", "linux", "x64"], use: "pool=linux" },
    { labels: ["self-hosted", "linux"], use: "pool=other" },
  ],
};

function parse(labels: readonly string[], ...aliases: readonly LabelAlias[]) {
  return parseLabels(labels, { aliases });
}

describe("aliases", () => {
  it("read a label by pattern and keep the job's labels, which the runner must register", () => {
    expect(parseLabels(["ci-16x-arm64"], migrating)).toEqual({
      ok: true,
      value: {
        labels: ["ci-16x-arm64"],
        os: "linux",
        arch: "arm64",
        cpu: { min: 16, max: 16 },
        families: [],
        spot: true,
        regions: [],
        explicit: ["cpu", "arch"],
      },
    });
    expect(parseLabels(["web-runner-8"], migrating)).toMatchObject({
      value: { pool: "web", ramGib: { min: 8 } },
    });
  });

  it("read a label by name, and an empty use as all defaults", () => {
    expect(parseLabels(["ubuntu-latest"], migrating)).toMatchObject({
      value: { cpu: { min: 2, max: 2 }, explicit: [] },
    });
    expect(parseLabels(["ubuntu-latest-4-cores"], migrating)).toBeUndefined();
  });

  it("match in either case and come out in lower case", () => {
    expect(parseLabels(["CI-16X-ARM64"], migrating)).toMatchObject({ value: { cpu: { min: 16 } } });
    expect(parseLabels(["Web-Runner-8"], migrating)).toMatchObject({ value: { pool: "web" } });
  });

  it("match a set in any order, case and number of times, and no larger or smaller set", () => {
    for (const labels of [
      ["self-hosted", "linux", "x64"],
      ["X64", "Linux", "self-hosted", "linux"],
    ]) {
      expect(parseLabels(labels, migrating)).toMatchObject({ value: { pool: "linux", labels } });
    }
    expect(parseLabels(["linux", "self-hosted"], migrating)).toMatchObject({
      value: { pool: "other" },
    });
    expect(parseLabels(["self-hosted"], migrating)).toBeUndefined();
    expect(parseLabels(["self-hosted", "linux", "x64", "gpu"], migrating)).toBeUndefined();
  });

  it("match one label among others", () => {
    expect(parseLabels(["self-hosted", "big"], migrating)).toMatchObject({
      value: { cpu: { min: 16 }, labels: ["self-hosted", "big"] },
    });
  });

  it("give way to a label of ours, right or wrong", () => {
    expect(parseLabels(["big", "runs-fleet/cpu=4"], migrating)).toMatchObject({
      value: { cpu: { min: 4 }, labels: ["big", "runs-fleet/cpu=4"] },
    });
    expect(parseLabels(["big", "runs-fleet/cpu=0"], migrating)).toMatchObject({ ok: false });
  });

  it("are tried in the order of the catalog, not of the job", () => {
    const one: LabelAlias = { match: "one", use: "cpu=1" };
    const two: LabelAlias = { match: "two", use: "cpu=2" };
    const set: LabelAlias = { labels: ["one", "two"], use: "cpu=3" };
    expect(parse(["two", "one"], one, two, set)).toMatchObject({ value: { cpu: { min: 1 } } });
    expect(parse(["one", "two"], two, one, set)).toMatchObject({ value: { cpu: { min: 2 } } });
    expect(parse(["one", "two"], set, one, two)).toMatchObject({ value: { cpu: { min: 3 } } });
  });

  it("report the faults of what they stand for against the job's own label", () => {
    expect(parseLabels(["CI-999x-arm64"], migrating)).toMatchObject({
      ok: false,
      issues: [{ code: "out-of-range", key: "cpu", label: "CI-999x-arm64" }],
    });
    expect(parse(["a", "b"], { labels: ["b", "a"], use: "cpuu=1//" })).toMatchObject({
      issues: [
        { code: "unknown-key", label: "a, b", suggestion: "cpu" },
        { code: "empty-segment", label: "a, b" },
        { code: "empty-segment", label: "a, b" },
      ],
    });
  });

  it("refuse two labels of one job that ask for a machine each", () => {
    expect(parseLabels(["ci-4x-arm64", "ci-8x-arm64"], migrating)).toMatchObject({
      ok: false,
      issues: [{ code: "several-labels", label: "ci-8x-arm64" }],
    });
  });

  it("cannot be given keys by a label: captures hold no slash and no equals sign", () => {
    const alias: LabelAlias = { match: "pool-([a-z0-9-]+)", use: "pool=$1" };
    expect(parse(["pool-a/cpu=96"], alias)).toBeUndefined();
    expect(parse(["pool-a"], alias)).toMatchObject({ value: { pool: "a" } });
  });

  it("with a wrong pattern match nothing and never throw", () => {
    const good: LabelAlias = { match: "ok", use: "cpu=1" };
    expect(
      parse(["ok"], { match: "(.*", use: "cpu=9" }, { labels: [], use: "" }, good),
    ).toMatchObject({ value: { cpu: { min: 1 } } });
    expect(parse([], { labels: [], use: "" })).toBeUndefined();
  });

  it("match no label that GitHub could not give to a runner", () => {
    const any: LabelAlias = { match: "([a-z]+)", use: "" };
    expect(parse(["x".repeat(257)], any)).toBeUndefined();
    expect(parse(["x", "y".repeat(257)], any)).toMatchObject({ issues: [{ code: "too-long" }] });
  });

  it("remember patterns for a catalog, not answers: each catalog object has its own", () => {
    const labels = ["big"];
    expect(parse(labels, { match: "big", use: "cpu=4" })).toMatchObject({
      value: { cpu: { min: 4 } },
    });
    expect(parse(labels, { match: "big", use: "cpu=8" })).toMatchObject({
      value: { cpu: { min: 8 } },
    });
    const first = parseLabels(labels, migrating);
    const second = parseLabels(labels, migrating);
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  });
});
