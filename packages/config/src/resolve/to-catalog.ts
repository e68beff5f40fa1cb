import {
  type Catalog,
  cpuOfFamilies,
  type LabelAlias,
  type PoolConfig,
  type Shape,
} from "@runs-fleet/core";
import { suggest } from "../cli/suggest.ts";
import type { FileForm, PoolForm, ShapeForm } from "../form/file-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { familyNames } from "./family-names.ts";
import { given } from "./given.ts";
import { imageSourcesOf } from "./image-sources.ts";
import { createOrigins, type Origins } from "./origins.ts";
import { resolveSchedule } from "./schedule.ts";

type Path = readonly (string | number)[];

/** The catalog that a file describes, not yet judged as one. */
export interface Resolved {
  readonly catalog: Catalog;
  /** Where in the file the fields of the catalog come from. */
  readonly origins: Origins;
  /** What does not fit together in the file itself. */
  readonly issues: readonly FieldIssue[];
}

/** Most names that are guessed at: thousands, each among thousands, take seconds. As many as `parseCatalog` tells problems. */
const mostGuesses = 100;

/** As labels have it: the least machine that is asked for when nothing is said. */
const leastCpu = { min: 2, max: 2 };

/**
 * Puts the parts of a file together as the catalog that routing and the controller take.
 *
 * @param version - Names this state of the configuration.
 */
export function toCatalog(form: FileForm, version: string): Resolved {
  const origins = createOrigins();
  const issues: FieldIssue[] = [];
  const problem = (issue: FieldIssue): void => void issues.push(issue);
  const { defaults = {}, calendars = {}, images = {}, runners = {}, pools = {}, policies } = form;
  const environments = Object.entries(form.environments);
  const runnerNames = Object.keys(runners);
  const named = { dates: calendars, names: Object.keys(calendars) };

  const shapeOf = (shape: ShapeForm, written: Path, made: Path): Shape => {
    origins.note(made, written);
    origins.note([...made, "ramGib"], [...written, "ram"]);
    origins.note([...made, "diskGib"], [...written, "disk"]);
    origins.note([...made, "families"], [...written, "family"]);
    const image = shape.image === undefined ? undefined : images[shape.image];
    for (const key of ["os", "arch"] as const) {
      if (image?.[key] === undefined || shape[key] === undefined || image[key] === shape[key])
        continue;
      const message = `Image ${shape.image} is ${image[key]}, this asks for ${shape[key]}`;
      problem({ rule: "contradiction", severity: "error", message, path: [...written, key] });
    }
    const families = shape.family && familyNames(shape.family).map(({ name }) => name);
    return {
      os: shape.os ?? image?.os ?? "linux",
      cpu: shape.cpu ?? cpuOfFamilies(families ?? [], leastCpu),
      ...given({
        arch: shape.arch ?? image?.arch,
        ramGib: shape.ram,
        families,
        generation: shape.generation,
        diskGib: shape.disk,
        image: shape.image,
        spot: shape.spot ?? defaults.spot,
      }),
    };
  };

  const poolShape = (pool: PoolForm, written: Path, made: Path): Shape => {
    const { runner } = pool;
    if (typeof runner === "object") return shapeOf(runner, [...written, "runner"], made);
    if (runner === undefined) return shapeOf({}, written, made);
    const named = runners[runner];
    if (named) return shapeOf(named, ["runners", runner], made);
    const suggestion = issues.length < mostGuesses ? suggest(runner, runnerNames) : undefined;
    problem({
      rule: "unknown-runner",
      severity: "error",
      message: `There is no runner ${runner}`,
      path: [...written, "runner"],
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return shapeOf({}, written, made);
  };

  const defaultEnvironment = defaults.environment ?? environments[0]?.[0] ?? "default";
  origins.note(["defaultEnvironment"], ["defaults", "environment"]);

  const poolOf = ([name, pool]: [string, PoolForm], index: number): PoolConfig => {
    const written = ["pools", name];
    const made = ["pools", index];
    const environment = pool.environment ?? defaultEnvironment;
    const regions: readonly { readonly name: string; readonly weight?: number }[] | undefined =
      pool.regions?.map((region) =>
        typeof region === "string" ? { name: region } : given(region),
      ) ?? form.environments[environment]?.regions.map((region) => ({ name: region }));
    origins.note(made, written);
    origins.note([...made, "name"], written);
    origins.note(
      [...made, "environment"],
      pool.environment === undefined ? ["defaults", "environment"] : [...written, "environment"],
    );
    const names = {
      leadMs: "lead",
      holdMs: "hold",
      rampUp: "ramp",
      rampDown: "ramp",
      drainDeadlineMs: "drainDeadline",
      idleTimeoutMs: "idleTimeout",
      reuseHorizonMs: "reuseHorizon",
      minUptimeMs: "minUptime",
    };
    for (const [key, word] of Object.entries(names))
      origins.note([...made, key], [...written, word]);
    const tools = { calendars: named, origins, written, made: [...made, "schedule"], problem };
    return {
      name,
      environment,
      // An unknown environment is told by its own name; that it has no region would be told a second time.
      regions: regions && regions.length > 0 ? regions : [{ name: "unknown" }],
      shape: poolShape(pool, written, [...made, "shape"]),
      schedule: resolveSchedule(pool, defaults.timezone, tools),
      ...given({
        leadMs: pool.lead ?? defaults.lead,
        holdMs: pool.hold,
        rampUp: pool.ramp?.up,
        rampDown: pool.ramp?.down,
        drainDeadlineMs: pool.drainDeadline,
        idleTimeoutMs: pool.idleTimeout ?? defaults.idleTimeout,
        reuseHorizonMs: pool.reuseHorizon,
        minUptimeMs: pool.minUptime,
        tags: pool.tags,
        repositories: pool.repositories,
      }),
      limits: given(pool.limits),
    };
  };

  const aliases: LabelAlias[] = [];
  let hasDialect = false;
  for (const [index, alias] of (form.aliases ?? []).entries()) {
    if ("dialect" in alias) hasDialect = true;
    else {
      origins.note(["aliases", aliases.length], ["aliases", index]);
      aliases.push(alias);
    }
  }
  environments.forEach(([name], index) => {
    origins.note(["environments", index], ["environments", name]);
    origins.note(["environments", index, "name"], ["environments", name]);
    origins.note(["environments", index, "machines"], ["environments", name, "limits", "machines"]);
  });
  Object.keys(images).forEach((name, index) => {
    origins.note(["images", index], ["images", name]);
  });

  const imageSources = imageSourcesOf(images);
  const catalog: Catalog = {
    version,
    defaultEnvironment,
    environments: environments.map(([name, { regions, limits, tags }]) => ({
      name,
      regions,
      ...given({ machines: limits?.machines, tags }),
    })),
    pools: Object.entries(pools).map(poolOf),
    images: Object.keys(images),
    ...(Object.keys(imageSources).length === 0 ? {} : { imageSources }),
    policies: policies.map((policy) => ({
      ...policy,
      ...(policy.rerun === undefined && form.interruption?.rerun
        ? { rerun: form.interruption.rerun }
        : {}),
    })) as Catalog["policies"],
    ...(form.unserved === undefined
      ? {}
      : { unserved: { afterMs: form.unserved.after, outcome: form.unserved.then } }),
    ...(form.rollout === undefined ? {} : { rollout: form.rollout }),
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(hasDialect ? { dialects: ["runs-on"] as const } : {}),
    runners: Object.fromEntries(
      Object.entries(runners).map(([name, shape]) => [
        name,
        shapeOf(shape, ["runners", name], ["runners", name]),
      ]),
    ),
  };
  return { catalog, origins, issues };
}
