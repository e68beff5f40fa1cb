import { namesFamily } from "@runs-fleet/core";
import { familiesNamed, isMetal } from "../lint/fit-families.ts";

/** Whether all that these names name is known to be of arm64; of none, that is not known. */
export function areAllArm(names: readonly string[]): boolean {
  const families = names.map(familiesNamed);
  return (
    families.length > 0 &&
    families.every((named) => named.length > 0 && named.every(({ arch }) => arch === "arm64"))
  );
}

/** What names of families, beginnings of such and types come to. */
export interface ReadFamilies {
  /** As a shape names them, each once, without those that another one covers. Empty: any. */
  readonly families: readonly string[];
  /** Types of bare metal, of which the family alone is kept. */
  readonly metal: readonly string[];
  /** What is neither. */
  readonly unreadable: readonly string[];
}

const sized = (name: string): boolean => name.includes(".");

/** Reads `c7a+m7a`, `c7`, `c7*`, `t3.*`, `m7g.2xlarge`: without a dot it is the beginning of names, `m7i` of `m7i-flex` as well. */
export function readFamilies(written: readonly string[]): ReadFamilies {
  const names = new Set<string>();
  const metal: string[] = [];
  const unreadable: string[] = [];
  const words = written.flatMap((text) => text.toLowerCase().split(/[+,]/)).map((w) => w.trim());
  for (const word of words.filter((one) => one !== "")) {
    const [, start, star, size] =
      /^([a-z](?:[a-z0-9-]{0,29}[a-z0-9])?-?)(\*?)(?:\.(|\*|[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?))?$/.exec(
        word,
      ) ?? [];
    // All that there is, is nothing in particular.
    if (word === "*") return { families: [], metal: [], unreadable: [word] };
    if (start === undefined || (start.endsWith("-") && size !== undefined && star === "")) {
      unreadable.push(word);
    } else if (size === undefined) names.add(`${start}*`);
    else if (size === "" || size === "*") names.add(`${start}${star}`);
    else if (isMetal(word)) {
      metal.push(word);
      names.add(`${start}${star}`);
    } else names.add(word);
  }
  const all = [...names];
  // A type beside its family stays: where no cpu is said, it is what says one.
  const covers = (other: string, name: string): boolean =>
    other !== name && sized(other) === sized(name) && namesFamily(other, name);
  const families = all.filter((name) => !all.some((other) => covers(other, name)));
  return { families, metal, unreadable };
}
