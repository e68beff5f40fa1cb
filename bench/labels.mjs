import { Bench } from "tinybench";
import { labelSetKey, parseLabels, route, shapeKey } from "../packages/core/dist/routing/index.js";

/** Calls in one timed turn: the timer costs as much as a call. */
const turn = 1_000;

const catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["us-east-1", "eu-west-1"] }],
  pools: Array.from({ length: 20 }, (_, i) => ({
    name: `pool${i}`,
    environment: "ci",
    regions: [{ name: "us-east-1" }],
    shape: { os: "linux", arch: "arm64", cpu: { min: 4, max: 4 } },
    schedule: { default: { hot: 1, stopped: 1 }, entries: [] },
    limits: { machines: 100 },
  })),
  images: ["ubuntu"],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: { environments: ["ci"] } }],
  aliases: [
    { match: "ci-(\\d+)x-([a-z0-9-]+)", use: "cpu=$1/arch=$2" },
    ...Array.from({ length: 20 }, (_, i) => ({ match: `team${i}-(\\d+)`, use: "cpu=$1" })),
    { labels: ["self-hosted", "linux", "arm64"], use: "cpu=4/arch=arm64" },
  ],
};
const job = { repository: "acme/web", visibility: "private", fork: false };

/** As many different inputs as a turn has calls, so that no cache between calls could help. */
function different(make) {
  return Array.from({ length: turn }, (_, i) => make(i));
}

function value(parsed) {
  if (!parsed?.ok) throw new Error(`The bench has a wrong label: ${JSON.stringify(parsed)}`);
  return parsed.value;
}

/** Speeds of routing, with their targets where the project has one. Needs a build of core. */
export async function run() {
  const typical = ["runs-fleet/cpu=4/arch=arm64/pool=ci"];
  const typicals = different((i) => [`runs-fleet/cpu=${(i % 64) + 1}/arch=arm64/pool=ci${i}`]);
  const long = different((i) => [
    `runs-fleet=${1_000_000 + i}/cpu=4+16/ram=8+32/family=c7g+m7g/arch=arm64/disk=200/spot=false/region=us-east-1+eu-west-1/env=ci`,
  ]);
  const wrong = different((i) => [`runs-fleet/cpuu=${i}/arch=arm/pool=CI`]);
  const foreign = different((i) => ["self-hosted", "linux", `gpu-${i}`]);
  const aliased = different((i) => [`ci-${(i % 64) + 1}x-arm64`]);
  const sets = different(() => ["self-hosted", "linux", "ARM64"]);
  const requests = different((i) =>
    value(parseLabels([`runs-fleet/cpu=4/arch=arm64/pool=pool${i % 20}`])),
  );
  const { shape } = value(route(requests[0], job, catalog));

  const cases = [
    ["parseLabels, the typical label", 1_000_000, () => parseLabels(typical)],
    ["parseLabels, different typical labels", 1_000_000, (i) => parseLabels(typicals[i])],
    ["parseLabels, ten settings", undefined, (i) => parseLabels(long[i])],
    ["parseLabels, three issues with suggestions", undefined, (i) => parseLabels(wrong[i])],
    ["parseLabels, labels of others", undefined, (i) => parseLabels(foreign[i])],
    ["parseLabels, alias by pattern", undefined, (i) => parseLabels(aliased[i], catalog)],
    ["parseLabels, alias by set, the last of 22", undefined, (i) => parseLabels(sets[i], catalog)],
    ["route, one of 20 pools", undefined, (i) => route(requests[i], job, catalog)],
    ["labelSetKey, three labels", undefined, (i) => labelSetKey(foreign[i])],
    ["shapeKey", undefined, () => shapeKey(shape)],
  ];
  const bench = new Bench({ time: 400, warmupTime: 200 });
  let kept;
  for (const [name, , call] of cases) {
    bench.add(name, () => {
      for (let i = 0; i < turn; i += 1) kept = call(i);
    });
  }
  await bench.run();
  if (kept === undefined) throw new Error("The last case returned nothing");
  return cases.map(([name, target]) => {
    const { result } = bench.getTask(name);
    if (result.state !== "completed") throw result.error ?? new Error(`${name} did not run`);
    const perSecond = Math.round(turn / (result.latency.p50 / 1_000));
    return {
      name,
      value: perSecond,
      unit: "/s",
      target: target === undefined ? undefined : `>= ${target}`,
      ok: target === undefined ? undefined : perSecond >= target,
    };
  });
}
