import { parseBuiltinRunner } from "./builtin-runner.ts";
import type { Catalog, RouteIssue } from "./catalog.ts";
import { sizeOf } from "./family.ts";
import type { RunnerRequest } from "./request.ts";
import type { Shape } from "./shape.ts";
import { nearest } from "./suggest.ts";
import { cpuOfFamilies } from "./type-cpu.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a job asks for by name: only the fields that its label or its runner says. */
export type AskedShape = Partial<Shape>;

/** The shape of the request's runner: the catalog's, or what a built-in name says. */
function runnerShape(request: RunnerRequest, catalog: Catalog): AskedShape | RouteIssue {
  const { runner } = request;
  if (runner === undefined) return {};
  const { runners = {} } = catalog;
  // parseLabels has put a built-in runner into the request and refused contradictions.
  if (parseBuiltinRunner(runner) !== undefined) {
    const { os, arch, cpu } = request;
    return { os, cpu, ...(arch === undefined ? {} : { arch }) };
  }
  const shape = Object.hasOwn(runners, runner) ? runners[runner] : undefined;
  if (shape !== undefined) return shape;
  const near = nearest(runner, Object.keys(runners));
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return { code: "unknown-runner", message: `There is no runner ${runner}${hint}` };
}

/**
 * What the job asks for: the fields of its runner, replaced by the keys that its label names itself. Types among the
 * families of a label stand for `cpu` as well, and where all are types for `ram`.
 *
 * Adds to `issues` an unknown runner, and an operating system or architecture that contradicts the runner's.
 */
export function askedShape(
  request: RunnerRequest,
  catalog: Catalog,
  issues: RouteIssue[],
): AskedShape {
  const named = new Set(request.explicit);
  const base = runnerShape(request, catalog);
  if ("code" in base) issues.push(base);
  const runner: AskedShape = "code" in base ? {} : base;
  const { ramGib, ...rest } = runner;
  const { families } = request;
  // A label whose families are all types says memory by them, as it says vCPUs.
  const saysSize = families.length > 0 && families.every((name) => sizeOf(name) !== undefined);
  const asked: Mutable<AskedShape> = saysSize || ramGib === undefined ? rest : { ...rest, ramGib };
  if (named.has("os")) {
    if (runner.os !== undefined && runner.os !== request.os) {
      const message = `os=${request.os} contradicts runner ${request.runner}, which is ${runner.os}`;
      issues.push({ code: "contradiction", message });
    }
    asked.os = request.os;
  }
  if (named.has("arch") && request.arch !== undefined) {
    if (runner.arch !== undefined && runner.arch !== request.arch) {
      const message = `arch=${request.arch} contradicts runner ${request.runner}, which is ${runner.arch}`;
      issues.push({ code: "contradiction", message });
    }
    asked.arch = request.arch;
  }
  if (asked.os === "windows" && asked.arch !== "x64") {
    if (asked.arch === "arm64" && runner.arch === undefined) {
      const message = `Windows machines are x64, and the label says arch=arm64`;
      issues.push({ code: "contradiction", message });
    }
    asked.arch = "x64";
  }
  if (named.has("cpu")) asked.cpu = request.cpu;
  else if (runner.cpu !== undefined) asked.cpu = cpuOfFamilies(families, runner.cpu);
  if (request.ramGib !== undefined) asked.ramGib = request.ramGib;
  if (families.length > 0) asked.families = families;
  if (request.generation !== undefined) asked.generation = request.generation;
  if (request.diskGib !== undefined) asked.diskGib = request.diskGib;
  if (request.image !== undefined) {
    asked.image = request.image;
    // What was said of the runner's image is not said of this one.
    delete asked.imageSource;
  }
  if (named.has("spot")) asked.spot = request.spot;
  return asked;
}

/** The shape of a machine for a job that names no pool: what it asks for, else the defaults of the request. */
export function completeShape(asked: AskedShape, request: RunnerRequest): Shape {
  const { families, ...rest } = asked;
  const arch = asked.arch ?? request.arch;
  return {
    ...rest,
    ...(arch === undefined ? {} : { arch }),
    os: asked.os ?? request.os,
    cpu: asked.cpu ?? request.cpu,
    spot: asked.spot ?? request.spot,
    ...(families === undefined || families.length === 0 ? {} : { families }),
  };
}
