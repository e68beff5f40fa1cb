import { parseSchedule } from "@runs-fleet/scheduling";
import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";
import type { Fields } from "./fields.ts";
import { quoted, type TellLoss } from "./losses.ts";
import { mapNames } from "./names.ts";
import type { RunsOnFile } from "./read-file.ts";
import type { RunsOnPool } from "./runs-on-form.ts";
import { type TranslatedSchedule, translateSchedule } from "./translate-schedule.ts";

/** A pool in our words. */
export interface ImportedPool {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly environment: string;
  /** The name of a runner, or what a built-in one says. */
  readonly runner: string | Fields;
  /** IANA name. */
  readonly timezone: string;
  readonly schedule: TranslatedSchedule;
  /** Most machines, which RunsOn does not limit. */
  readonly machines: number;
}

/** What pools are translated with. */
export interface PoolTools {
  /** Our names of runners, by theirs. */
  readonly runners: ReadonlyMap<string, string>;
  /** Those of them that are never bought on spot. */
  readonly onDemand: ReadonlySet<string>;
  readonly tell: TellLoss;
  readonly problem: (issue: FieldIssue) => void;
}

/** The environment of what names none, with RunsOn. */
const usualEnvironment = "production";
const usualZone = "UTC";
const fewestMachines = 10;
/** Most environments of a configuration. */
const mostEnvironments = 64;

/** Translates the pools. */
export function translatePools(
  { pools, extended }: RunsOnFile,
  { runners, onDemand, tell, problem }: PoolTools,
): { readonly pools: readonly ImportedPool[]; readonly environments: readonly string[] } {
  const names = mapNames(pools.keys(), "pool");
  const wanted = [...pools.values()].map(
    (pool) => pool.env ?? pool.environment ?? usualEnvironment,
  );
  const environments = mapNames(wanted.length > 0 ? wanted : [usualEnvironment], usualEnvironment);
  if (environments.size > mostEnvironments) {
    const message = `There are ${environments.size} environments; at most ${mostEnvironments} are read`;
    problem({ rule: "invalid-value", severity: "error", message, path: ["pools"] });
  }
  const translated = [...pools].map(([theirs, pool]): ImportedPool => {
    const path = ["pools", theirs];
    const name = names.get(theirs) ?? theirs;
    if (name !== theirs) {
      tell(
        "changed",
        path,
        `Is called ${name} here: jobs that say pool=${theirs.slice(0, 63)} have to say that`,
      );
    }
    if (pool.version !== undefined) {
      tell(
        "dropped",
        [...path, "version"],
        "Machines are replaced when their shape or image changes",
      );
    }
    const schedule = translateSchedule(pool.schedule ?? [], [...path, "schedule"], tell);
    tell(
      "changed",
      path,
      "RunsOn knows no limits: machines, those with jobs included, is twice what hot and stopped ask for at most, and at least 10",
    );
    const runner = runnerOf(pool, path);
    if (!onDemand.has(pool.runner)) {
      tell(
        "changed",
        [...path, "runner"],
        "RunsOn buys machines of pools on demand; here hot ones are spot as well, unless the runner says spot: false",
      );
    }
    return {
      name,
      path,
      environment: environmentOf(pool, path),
      runner,
      timezone: zoneOf(pool, path, tell),
      schedule,
      machines: Math.max(fewestMachines, 2 * schedule.peak),
    };
  });
  return { pools: translated, environments: [...new Set(environments.values())] };

  function runnerOf(pool: RunsOnPool, path: readonly (string | number)[]): string | Fields {
    const name = runners.get(pool.runner);
    if (name !== undefined) return name;
    const [, cpu, os, arch] =
      /^([1-9]\d{0,2})cpu-(linux|windows)-(x64|arm64)$/.exec(pool.runner) ?? [];
    if (cpu !== undefined && Number(cpu) <= 896 && !(os === "windows" && arch === "arm64")) {
      return { os: os ?? "linux", arch: arch ?? "x64", cpu: Number(cpu) };
    }
    const at = [...path, "runner"];
    if (extended !== undefined) {
      tell(
        "ambiguous",
        at,
        `There is no runner ${quoted(pool.runner)} in this file, maybe in the one that it extends: say what it is`,
      );
      return { cpu: 2 };
    }
    const suggestion = suggest(pool.runner, [...runners.keys()]);
    problem({
      rule: "unknown-runner",
      severity: "error",
      message: `There is no runner ${quoted(pool.runner)}`,
      path: at,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return {};
  }

  function environmentOf(pool: RunsOnPool, path: readonly (string | number)[]): string {
    const { env, environment } = pool;
    if (env !== undefined && environment !== undefined && env !== environment) {
      tell("dropped", [...path, "environment"], "env is there as well, and wins");
    }
    const theirs = env ?? environment ?? usualEnvironment;
    const name = environments.get(theirs) ?? theirs;
    if (name !== theirs) {
      const at = [...path, env === undefined ? "environment" : "env"];
      tell(
        "changed",
        at,
        `Is called ${name} here: jobs that say env=${theirs.slice(0, 63)} have to say that`,
      );
    }
    return name;
  }
}

function zoneOf(
  { timezone = "" }: RunsOnPool,
  path: readonly (string | number)[],
  tell: TellLoss,
): string {
  if (timezone === "") return usualZone;
  const parsed = parseSchedule({
    timeZone: timezone,
    default: { hot: 0, stopped: 0 },
    entries: [],
  });
  if (parsed.ok) return timezone;
  const [issue] = parsed.issues;
  const message = `${issue?.message ?? "This is no time zone"}; taken as ${usualZone}`;
  tell("ambiguous", [...path, "timezone"], message);
  return usualZone;
}
