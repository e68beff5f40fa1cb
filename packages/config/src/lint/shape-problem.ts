import type { Bounds, Shape } from "@runs-fleet/core";
import { familiesFor, hasSize, nearestSizes, wantedArch } from "./fit-families.ts";
import { type InstanceFamily, instanceFamilies } from "./instance-families.ts";

/** What keeps every known type of instance from being a machine of a shape. */
export interface ShapeProblem {
  /** The key of the shape that is at fault. */
  readonly key: "arch" | "cpu" | "family" | "generation" | "ram";
  /** For people, in one sentence. */
  readonly message: string;
}

/** Any number of vCPUs: of runners that leave it to the labels of jobs. */
export const anyCpu = { min: 1, max: 896 };

/** Why a family is never chosen for a shape that names it beside others. */
export interface FamilyMisfit {
  /** Of another kind it is no use at all; without such a size it may be one of a long list that is meant for several shapes. */
  readonly severity: "warning" | "note";
  /** For people, in one sentence. */
  readonly message: string;
}

/** Most families that a message names. */
const mostNamed = 3;

/**
 * Why no machine can be of this shape; `undefined`: some can, or nothing is known of a family it names.
 *
 * @param isCpuSaid - Whether the shape says its vCPUs itself.
 */
export function findShapeProblem(shape: Shape, isCpuSaid = true): ShapeProblem | undefined {
  const { cpu, ramGib, families = [] } = shape;
  if (families.some((name) => !instanceFamilies.has(name))) return undefined;
  const offered = familiesFor(shape);
  if (hasSize(offered, cpu, ramGib)) return undefined;
  const named = [...new Set(families)].flatMap((name) => instanceFamilies.get(name) ?? []);
  if (named.length > 0 && offered.length === 0) return kindProblem(shape, named);
  if (offered.length === 0) return lonelyGeneration(shape);
  // What is left out, and then there is a machine, is at fault: memory first, which people know least by heart.
  const key = ramGib !== undefined && hasSize(offered, cpu, undefined) ? "ram" : "cpu";
  const unsaid = isCpuSaid ? "" : " (what is meant where no cpu is said)";
  const size = sizeWanted(shape, unsaid);
  const [one, ...more] = named;
  const nobody =
    one === undefined
      ? `No ${kindOf(shape)} has ${size}`
      : more.length === 0
        ? `${one.name} has no machine of ${size}`
        : `None of ${listed(named.map(({ name }) => name))} has a machine of ${size}`;
  return { key, message: `${nobody}; ${nearestText(offered, shape, 2)}` };
}

/** Why a family that a shape names can never be chosen for it; `undefined`: it can. Families that are not known can. */
export function familyMisfit(name: string, shape: Shape): FamilyMisfit | undefined {
  const family = instanceFamilies.get(name);
  if (family === undefined) return undefined;
  const kind = kindMisfit(family, shape);
  if (kind !== undefined) return { severity: "warning", message: `${name} is ${kind}` };
  if (hasSize([family], shape.cpu, shape.ramGib)) return undefined;
  const message = `${name} has no machine of ${sizeWanted(shape)}; ${nearestText([family], shape, 1)}`;
  return { severity: "note", message };
}

/** What families are instead of what a shape asks for; `undefined`: they are of its kind. */
function kindMisfit({ arch, generation }: InstanceFamily, shape: Shape): string | undefined {
  const wanted = wantedArch(shape);
  if (wanted !== undefined && arch !== wanted) {
    return `${arch}, and ${shape.os === "windows" ? "Windows wants" : "this asks for"} ${wanted}`;
  }
  if (shape.generation === undefined || generation === shape.generation) return undefined;
  return `of generation ${generation ?? "none"}, and this asks for ${shape.generation}`;
}

function kindProblem(shape: Shape, named: readonly InstanceFamily[]): ShapeProblem {
  const arch = wantedArch(shape);
  const isArch = arch !== undefined && named.every((family) => family.arch !== arch);
  const isGeneration = named.every(({ generation }) => generation !== shape.generation);
  const key =
    isArch && shape.arch !== undefined
      ? "arch"
      : !isArch && shape.generation !== undefined && isGeneration
        ? "generation"
        : "family";
  const names = new Map<string, readonly string[]>();
  for (const family of named) {
    const misfit = kindMisfit(family, shape) ?? "";
    names.set(misfit, [...(names.get(misfit) ?? []), family.name]);
  }
  const words = [...names].map(
    ([misfit, those]) => `${listed(those)} ${those.length === 1 ? "is" : "are"} ${misfit}`,
  );
  return { key, message: listed(words, "; ") };
}

/** Generations in which nothing is there for shapes that name no family, not even of another size. */
function lonelyGeneration(shape: Shape): ShapeProblem | undefined {
  const { generation, ...rest } = shape;
  const known = new Set(familiesFor(rest).flatMap((family) => family.generation ?? []));
  const newest = Math.max(...known);
  // What is newer than all that is known may well be there.
  if (generation === undefined || generation > newest) return undefined;
  const all = [...known].sort((left, right) => left - right).join(", ");
  const message = `No ${kindOf(shape)} is there for those who name no family; there are generations ${all}`;
  return { key: "generation", message };
}

/** What shapes without a family choose from, in words. */
function kindOf(shape: Shape): string {
  const arch = wantedArch(shape);
  const machine = arch === undefined ? "machine" : `${arch} machine`;
  return shape.generation === undefined ? machine : `${machine} of generation ${shape.generation}`;
}

function sizeWanted({ cpu, ramGib }: Shape, remark = ""): string {
  const ram = ramGib === undefined ? "" : `${rangeText(ramGib)} GiB`;
  if (cpu.min <= anyCpu.min && cpu.max >= anyCpu.max && ram !== "") return ram;
  return `${rangeText(cpu)} vCPU${remark}${ram === "" ? "" : ` with ${ram}`}`;
}

function nearestText(
  families: readonly InstanceFamily[],
  { cpu, ramGib }: Shape,
  most: number,
): string {
  const sizes = nearestSizes(families, cpu, ramGib, most);
  const words = sizes.map(({ family, ...size }) => {
    const has = `${size.cpu} vCPU with ${size.ramGib} GiB`;
    return families.length === 1 ? has : `${has} (${family.name})`;
  });
  return `what comes nearest: ${words.join(", ")}`;
}

function listed(texts: readonly string[], comma = ", "): string {
  const shown = texts.slice(0, mostNamed).join(comma);
  return texts.length > mostNamed ? `${shown} and ${texts.length - mostNamed} more` : shown;
}

function rangeText({ min, max }: Bounds): string {
  if (max === undefined) return `${min} or more`;
  return min === max ? `${min}` : `${min} to ${max}`;
}
