import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxDiagnostics } from "./check-catalog.ts";
import { parseCatalog } from "./parse-catalog.ts";
import { parseLabels } from "./parse-labels.ts";
import { route } from "./route.ts";

const valid = {
  version: "abc",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["us-east-1", "local"], machines: 700 }],
  images: ["ubuntu"],
  runners: { std: { os: "linux", cpu: { min: 4, max: 4 }, ramGib: { min: 16 }, image: "ubuntu" } },
  pools: [
    {
      name: "linux",
      environment: "ci",
      regions: [{ name: "us-east-1", weight: 2 }],
      shape: { os: "linux", arch: "arm64", cpu: { min: 4, max: 4 }, families: ["c7g"], spot: true },
      schedule: { timeZone: "Europe/Berlin", default: { hot: 2, stopped: 20 }, entries: [] },
      leadMs: "auto",
      rampUp: { step: 10, everyMs: 60_000 },
      repositories: ["acme/*"],
      limits: { machines: 450, maxSurge: 5 },
    },
  ],
  policies: [
    {
      name: "everyone",
      repositories: ["acme/*"],
      visibility: ["private", "internal"],
      properties: { team: "build" },
      runnerGroup: "fleet",
      allow: { environments: ["ci"], pools: ["linux", "lin*"], maxCpu: 64 },
      limits: { perRepository: 120 },
    },
  ],
  aliases: [
    { match: "ci-(\\d+)x-([a-z0-9-]+)", use: "cpu=$1/arch=$2" },
    { labels: ["self-hosted", "linux", "x64"], use: "pool=linux" },
    { match: "std", use: "runner=std" },
    { match: "plain", use: "" },
  ],
  dialects: ["runs-on"],
};

type Path = readonly (string | number)[];

/** A copy of the valid catalog with one place changed; `undefined` removes it. */
function changed(path: Path, value: unknown): unknown {
  const copy = structuredClone(valid);
  let at = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

function problems(input: unknown) {
  const parsed = parseCatalog(input);
  if (parsed.ok) throw new Error("Expected problems");
  return parsed.issues;
}

describe("parseCatalog", () => {
  it("takes a full catalog and gives a copy that routing can use", () => {
    const input = structuredClone(valid);
    const parsed = parseCatalog(input);
    expect(parsed).toMatchObject({ ok: true, value: valid });
    if (!parsed.ok) return;
    input.pools[0]?.repositories.push("evil/*");
    expect(parsed.value.pools[0]?.repositories).toEqual(["acme/*"]);
    const request = parseLabels(["ci-4x-arm64"], parsed.value);
    if (!request?.ok) throw new Error("Expected a request");
    const job = { repository: "acme/web", visibility: "private", fork: false } as const;
    expect(route(request.value, { ...job, properties: { team: "build" } }, parsed.value).ok).toBe(
      true,
    );
  });

  it("says of the shapes of pools which image theirs is, also when it is read again", () => {
    const imageSources = { ubuntu: { owner: "self", name: "acme-*", maxAgeMs: 1_000 } };
    const [pool] = valid.pools;
    const shape = { ...pool?.shape, image: "ubuntu" };
    const parsed = parseCatalog({
      ...valid,
      imageSources,
      pools: [{ ...pool, name: "named", shape }, pool],
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const [named, unnamed] = [parsed.value.pools[0], parsed.value.pools[1]];
    expect(named?.shape).toEqual({ ...shape, imageSource: imageSources.ubuntu });
    expect(unnamed?.shape).toEqual(pool?.shape);
    expect(parseCatalog(JSON.parse(JSON.stringify(parsed.value)))).toEqual(parsed);
  });

  it("takes tags, and says which key machines cannot have", () => {
    const [pool] = valid.pools;
    const tagged = (tags: Record<string, string>) =>
      parseCatalog({ ...valid, pools: [{ ...pool, tags }] });
    expect(tagged({ team: "web", "acme:owner": "" })).toMatchObject({ ok: true });
    expect(tagged({ "runs-fleet:pool": "x" })).toMatchObject({
      ok: false,
      issues: [
        {
          path: ["pools", 0, "tags", "runs-fleet:pool"],
          message: "Keys that begin with runs-fleet: are our own",
        },
      ],
    });
    const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, ""]));
    expect(tagged(many)).toMatchObject({ ok: false, issues: [{ path: ["pools", 0, "tags"] }] });
  });

  it("needs neither aliases nor runners nor dialects nor pools", () => {
    const { aliases: _, runners: __, dialects: ___, ...rest } = valid;
    const policies = [{ name: "p", repositories: ["*"], allow: {} }];
    expect(parseCatalog({ ...rest, pools: [], policies }).ok).toBe(true);
  });

  it.each<[string, Path, unknown, string, Path?]>([
    ["no version", ["version"], undefined, "missing"],
    ["a version that is a number", ["version"], 1, "invalid-value"],
    ["an unknown key", ["pool"], [], "unknown-key"],
    ["a misspelt limit", ["pools", 0, "limits", "machine"], 3, "unknown-key"],
    ["a pool without limits", ["pools", 0, "limits"], undefined, "missing"],
    ["a limit that is no whole number", ["pools", 0, "limits", "machines"], 1.5, "invalid-value"],
    ["a negative limit", ["pools", 0, "limits", "machines"], -1, "invalid-value"],
    [
      "an endless limit",
      ["pools", 0, "limits", "machines"],
      Number.POSITIVE_INFINITY,
      "invalid-value",
    ],
    [
      "a schedule that its ramp never reaches",
      ["pools", 0, "schedule", "default", "hot"],
      1_000_000,
      "out-of-range",
      ["pools", 0],
    ],
    ["an upper-case name", ["pools", 0, "name"], "Linux", "invalid-value"],
    ["an unknown environment", ["defaultEnvironment"], "prod", "unknown-environment"],
    ["a pool of no environment", ["pools", 0, "environment"], "cii", "unknown-environment"],
    [
      "a pool outside its environment",
      ["pools", 0, "regions", 0, "name"],
      "eu-west-1",
      "unknown-region",
    ],
    ["a pool without regions", ["pools", 0, "regions"], [], "invalid-value"],
    ["an unknown image", ["pools", 0, "shape", "image"], "ubunut", "unknown-image"],
    ["a runner's unknown image", ["runners", "std", "image"], "ubunut", "unknown-image"],
    ["an inverted range", ["pools", 0, "shape", "cpu"], { min: 8, max: 4 }, "invalid-value"],
    ["inverted memory", ["pools", 0, "shape", "ramGib"], { min: 8, max: 4 }, "invalid-value"],
    ["too many vCPUs", ["pools", 0, "shape", "cpu", "max"], 897, "invalid-value"],
    [
      "Windows on ARM",
      ["pools", 0, "shape", "os"],
      "windows",
      "invalid-value",
      ["pools", 0, "shape"],
    ],
    [
      "a family in upper case",
      ["pools", 0, "shape", "families"],
      ["C7g"],
      "invalid-value",
      ["pools", 0, "shape", "families", 0],
    ],
    [
      "a star that is not at the end of a family",
      ["pools", 0, "shape", "families"],
      ["c7*", "c*g"],
      "invalid-value",
      ["pools", 0, "shape", "families", 1],
    ],
    ["no schedule", ["pools", 0, "schedule"], undefined, "missing"],
    ["a schedule that is none", ["pools", 0, "schedule"], "office hours", "bad-type"],
    ["a lead in words", ["pools", 0, "leadMs"], "5m", "invalid-value"],
    ["a ramp without steps", ["pools", 0, "rampUp", "step"], 0, "invalid-value"],
    ["a glob that matches nothing", ["pools", 0, "repositories", 0], "acme", "invalid-value"],
    [
      "a policy's glob that matches nothing",
      ["policies", 0, "repositories", 0],
      "acme/*/x",
      "invalid-value",
    ],
    ["an unknown visibility", ["policies", 0, "visibility", 0], "secret", "invalid-value"],
    ["a policy for an unknown pool", ["policies", 0, "allow", "pools", 0], "linus", "unknown-pool"],
    [
      "a policy for an unknown environment",
      ["policies", 0, "allow", "environments", 0],
      "dev",
      "unknown-environment",
    ],
    ["a policy without allow", ["policies", 0, "allow"], undefined, "missing"],
    ["an unknown dialect", ["dialects", 0], "gitlab", "invalid-value"],
    [
      "a runner with a built-in name",
      ["runners", "4cpu-linux-x64"],
      { os: "linux", cpu: { min: 4, max: 4 } },
      "reserved-name",
    ],
    ["two of a name", ["images"], ["ubuntu", "ubuntu"], "duplicate-name", ["images", 1]],
    [
      "two regions of a name",
      ["environments", 0, "regions"],
      ["us-east-1", "us-east-1"],
      "duplicate-name",
      ["environments", 0, "regions", 1],
    ],
    ["an alias with a wrong pattern", ["aliases", 0, "match"], "ci-.*", "invalid-pattern"],
    ["an alias with a capture too many", ["aliases", 0, "use"], "cpu=$3", "unknown-capture"],
    ["a capture of a set", ["aliases", 1, "use"], "cpu=$1", "unknown-capture"],
    ["an alias with an unknown key", ["aliases", 0, "use"], "cpuu=$1", "unknown-key"],
    ["an alias with a wrong value", ["aliases", 2, "use"], "cpu=many", "invalid-value"],
    ["a wrong value beside a capture", ["aliases", 0, "use"], "cpu=$1/gen=99", "out-of-range"],
    ["an alias for an unknown runner", ["aliases", 2, "use"], "runner=sdt", "invalid-value"],
    [
      "an alias that contradicts itself",
      ["aliases", 2, "use"],
      "os=windows/arch=arm64",
      "contradiction",
    ],
    ["an alias of no labels", ["aliases", 1, "labels"], [], "invalid-value"],
    ["an alias of both kinds", ["aliases", 1, "match"], "x", "invalid-value", ["aliases", 1]],
    ["too many items", ["images"], Array.from({ length: 1_001 }, (_, i) => `i${i}`), "too-many"],
  ])("refuses %s", (_, path, value, code, at = path) => {
    const found = problems(changed(path, value));
    expect(found.map((issue) => [issue.code, issue.path, issue.severity])).toEqual([
      [code, at, "error"],
    ]);
    expect(found[0]?.message).not.toBe("");
  });

  it("has schedules read by scheduling, and reports their problems where they are", () => {
    const odd = { timeZone: "Mars/Olympus", default: { hot: -1, stopped: 0 }, entries: [] };
    const found = problems(changed(["pools", 0, "schedule"], odd));
    expect(found.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ["pools", 0, "schedule", "timeZone"],
        ["pools", 0, "schedule", "default", "hot"],
      ]),
    );
    const weekly = { name: "office", start: "08:00", end: "19:00", capacity: { hot: 4 } };
    const inferred = parseCatalog(
      changed(["pools", 0, "schedule"], { default: { hot: 0, stopped: 0 }, entries: [weekly] }),
    );
    expect(inferred).toMatchObject({
      value: { pools: [{ schedule: { entries: [{ kind: "weekly" }] } }] },
    });
  });

  it("suggests a near name", () => {
    expect(problems(changed(["defaultEnvironment"], "cii"))[0]).toMatchObject({ suggestion: "ci" });
  });

  it("reports all problems at once, but no more than a person reads", () => {
    const two = { ...valid, version: "", images: ["UPPER"] };
    expect(problems(two).map(({ path }) => path)).toEqual([["version"], ["images", 0]]);
    const many = { ...valid, images: Array.from({ length: 1_000 }, () => "UPPER") };
    expect(problems(many)).toHaveLength(maxDiagnostics);
  });

  it("keeps messages short", () => {
    for (const { message } of problems({ ...valid, dialects: ["x".repeat(100_000)] })) {
      expect(message.length).toBeLessThanOrEqual(300);
    }
  });

  it("never throws on data, whatever it is", () => {
    fc.assert(fc.property(fc.anything(), (input) => void parseCatalog(input)));
    const places: readonly Path[] = [
      ["environments"],
      ["pools", 0],
      ["pools", 0, "schedule"],
      ["pools", 0, "shape"],
      ["policies", 0, "properties"],
      ["aliases", 0],
      ["aliases", 0, "match"],
      ["aliases", 0, "use"],
      ["runners"],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.anything(), (path, value) => {
        if (value !== undefined) parseCatalog(changed(path, value));
      }),
    );
  });
});
