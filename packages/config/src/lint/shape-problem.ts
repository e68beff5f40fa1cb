import type { Bounds, Shape } from "@runs-fleet/core";
import {
  familiesFor,
  familiesNamed,
  hasSize,
  isMetal,
  nearestSizes,
  wantedArch,
} from "./fit-families.ts";
import { type InstanceFamily, instanceFamilies } from "./instance-families.ts";

/** What keeps every known type of instance from being a machine of a shape. */
export interface ShapeProblem {
  /** The key of the shape that is at fault. */
  readonly key: "arch" | "cpu" | "family" | "generation" | "ram";
  /** For people, in one sentence. */
  readonly message: string;
  /** Whether no instance to come can mend it: families get new sizes, and new families begin as old ones do. */
  readonly isCertain: boolean;
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
  const { cpu, ramGib } = shape;
  const names = [...new Set(shape.families)];
  const metal = names.filter(isMetal);
  if (names.some((name) => !isMetal(name) && familiesNamed(name).length === 0)) return undefined;
  if (metal.length > 0 && metal.length === names.length) {
    return { key: "family", message: bareMetal(metal), isCertain: true };
  }
  const offered = familiesFor(shape);
  if (hasSize(offered, cpu, ramGib)) return undefined;
  const named = names.filter((name) => !isMetal(name));
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
        ? `${one} has no machine of ${size}`
        : `None of ${listed(named)} has a machine of ${size}`;
  return { key, message: `${nobody}; ${nearestText(offered, shape, 2)}`, isCertain: false };
}

/** Why a name of families that a shape has can never be chosen for it; `undefined`: it can. What is not known can. */
export function familyMisfit(name: string, shape: Shape): FamilyMisfit | undefined {
  if (isMetal(name)) return { severity: "warning", message: bareMetal([name]) };
  const named = familiesNamed(name);
  if (named.length === 0) return undefined;
  const kind = kindMisfit(named, shape);
  if (kind !== undefined) return { severity: "warning", message: `${name} is ${kind}` };
  const fit = familiesFor({ ...shape, families: [name] });
  if (hasSize(fit, shape.cpu, shape.ramGib)) return undefined;
  const message = `${name} has no machine of ${sizeWanted(shape)}; ${nearestText(fit, shape, 1)}`;
  return { severity: "note", message };
}

function bareMetal(names: readonly string[]): string {
  return `${listed(names)} ${names.length === 1 ? "is" : "are"} bare metal, which is never bought`;
}

/** What all of these families are instead of what a shape asks for; `undefined`: one is of its kind. */
function kindMisfit(named: readonly InstanceFamily[], shape: Shape): string | undefined {
  const misfits = new Set(named.map((family) => familyKindMisfit(family, shape)));
  if (misfits.has(undefined)) return undefined;
  const [one, ...others] = misfits;
  if (others.length === 0) return one;
  return `never ${wantedArch(shape)} of generation ${shape.generation}`;
}

function familyKindMisfit({ arch, generation }: InstanceFamily, shape: Shape): string | undefined {
  const wanted = wantedArch(shape);
  if (wanted !== undefined && arch !== wanted) {
    return `${arch}, and ${shape.os === "windows" ? "Windows wants" : "this asks for"} ${wanted}`;
  }
  if (shape.generation === undefined || generation === shape.generation) return undefined;
  return `of generation ${generation ?? "none"}, and this asks for ${shape.generation}`;
}

function kindProblem(shape: Shape, names: readonly string[]): ShapeProblem {
  const arch = wantedArch(shape);
  const families = names.flatMap(familiesNamed);
  const isArch = arch !== undefined && families.every((family) => family.arch !== arch);
  const isGeneration = families.every(({ generation }) => generation !== shape.generation);
  const key =
    isArch && shape.arch !== undefined
      ? "arch"
      : !isArch && shape.generation !== undefined && isGeneration
        ? "generation"
        : "family";
  const misfits = new Map<string, readonly string[]>();
  for (const name of names) {
    const misfit = kindMisfit(familiesNamed(name), shape) ?? "";
    misfits.set(misfit, [...(misfits.get(misfit) ?? []), name]);
  }
  const words = [...misfits].map(
    ([misfit, those]) => `${listed(those)} ${those.length === 1 ? "is" : "are"} ${misfit}`,
  );
  return { key, message: listed(words, "; "), isCertain: names.every(isSettled) };
}

/** Whether all that a name names, now and to come, is of one kind: what begins like a whole family is of its maker. */
function isSettled(name: string): boolean {
  const [start = ""] = name.split(".");
  return !start.endsWith("*") || instanceFamilies.has(start.slice(0, -1));
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
  return { key: "generation", message, isCertain: true };
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
