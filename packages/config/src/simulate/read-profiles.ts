import type { BootProfiles, Provenance } from "@runs-fleet/core/testing";
import type { Diagnostic, Rates, Result } from "@runs-fleet/scheduling";
import * as v from "valibot";
import type { Problem } from "../cli/problem.ts";
import { suggest } from "../cli/suggest.ts";
import { readJsonFile } from "./json-file.ts";
import { placed } from "./read-config.ts";

/** Rates by pool, and where they come from. */
export interface RatesFile extends Provenance {
  readonly rates: Readonly<Record<string, Rates>>;
}

const usd = v.pipe(
  v.number("Must be US dollars, a number"),
  v.finite("Must be finite"),
  v.minValue(0, "Must not be negative"),
  v.maxValue(100_000, "Must be at most 100,000"),
);
const source = v.pipe(
  v.string("Must be a sentence"),
  v.nonEmpty("Must say something"),
  v.maxLength(500),
);
const date = v.pipe(v.string("Must be a date"), v.isoDate("Must be a date such as 2026-11-24"));
const poolName = v.pipe(v.string(), v.maxLength(100));
const ms = v.pipe(
  v.number("Must be milliseconds, a number"),
  v.safeInteger("Must be whole milliseconds"),
  v.minValue(0, "Must not be negative"),
  v.maxValue(86_400_000, "Must be at most a day"),
);

const ratesSchema = v.strictObject({
  source,
  date,
  pools: v.record(
    poolName,
    v.pipe(
      v.strictObject({
        hotUsdPerHour: usd,
        stoppedUsdPerHour: usd,
        perStartUsd: v.optional(usd),
      }),
      v.transform(({ perStartUsd, ...rest }) =>
        perStartUsd === undefined ? rest : { ...rest, perStartUsd },
      ),
    ),
  ),
});

const durations = v.pipe(
  v.strictObject({ minMs: ms, p50Ms: ms, p95Ms: ms, maxMs: ms }),
  v.check(
    ({ minMs, p50Ms, p95Ms, maxMs }) => minMs <= p50Ms && p50Ms <= p95Ms && p95Ms <= maxMs,
    "Must rise: minMs <= p50Ms <= p95Ms <= maxMs",
  ),
);
const boot = v.strictObject({ source, date, launch: durations, start: durations });
const bootsSchema = v.strictObject({
  os: v.optional(v.strictObject({ linux: v.optional(boot), windows: v.optional(boot) }), {}),
  pools: v.optional(v.record(poolName, boot), {}),
});

/** Rates from a JSON file: `{ source, date, pools: { linux: { hotUsdPerHour, stoppedUsdPerHour, perStartUsd? }, "*": ... } }`. */
export async function readRates(
  cwd: string,
  file: string,
): Promise<Result<RatesFile, readonly Problem[]>> {
  const read = await readWith(cwd, file, ratesSchema);
  if (!read.ok) return read;
  const { source: from, date: on, pools } = read.value;
  return { ok: true, value: { source: from, date: on, rates: pools } };
}

/** Boot times from a JSON file: `{ os: { linux: { source, date, launch, start } }, pools: { ... } }`. */
export async function readBoots(
  cwd: string,
  file: string,
): Promise<Result<BootProfiles, readonly Problem[]>> {
  const read = await readWith(cwd, file, bootsSchema);
  if (!read.ok) return read;
  const { linux, windows } = read.value.os;
  const os = { ...(linux ? { linux } : {}), ...(windows ? { windows } : {}) };
  return { ok: true, value: { os, pools: read.value.pools } };
}

/** All keys of both files. */
const keys =
  "source date pools os linux windows launch start minMs p50Ms p95Ms maxMs hotUsdPerHour stoppedUsdPerHour perStartUsd".split(
    " ",
  );

function suggestion(key: string): { suggestion?: string } {
  const meant = suggest(key, keys);
  return meant === undefined ? {} : { suggestion: meant };
}

async function readWith<S extends v.GenericSchema>(
  cwd: string,
  file: string,
  schema: S,
): Promise<Result<v.InferOutput<S>, readonly Problem[]>> {
  const json = await readJsonFile(cwd, file);
  if (!json.ok) return json;
  const parsed = v.safeParse(schema, json.value.value);
  if (parsed.success) return { ok: true, value: parsed.output };
  const issues = parsed.issues.slice(0, 100).map((issue): Diagnostic => {
    const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
    const unknown = issue.type === "strict_object" && issue.expected === "never";
    const missing = issue.type === "strict_object" && issue.received === "undefined";
    return {
      code: unknown ? "unknown-key" : missing ? "missing" : "invalid-value",
      severity: "error",
      path,
      ...(unknown ? suggestion(String(path.at(-1))) : {}),
      message: unknown
        ? `There is no key ${JSON.stringify(String(path.at(-1)))} here`
        : missing
          ? `${JSON.stringify(String(path.at(-1)))} is missing`
          : issue.message,
    };
  });
  return { ok: false, issues: await placed(file, json.value, issues) };
}
