import { parseBuiltinRunner } from "./builtin-runner.ts";
import { complain, type Draft } from "./draft.ts";
import { isFamilyName, isMetalName } from "./family.ts";
import { maxCpu, maxDiskGib, maxGeneration, maxRamGib, minDiskGib } from "./limits.ts";
import { type NumberRule, readNumber, readRange } from "./read-numbers.ts";
import { readList, readName, readWord } from "./read-words.ts";
import { isRegion, isWord, scanDecimal, scanInteger } from "./scan.ts";
import type { Arch, Os } from "./shape.ts";
import { nearest } from "./suggest.ts";

/** One key of the grammar and how its value is read into a draft. */
export interface Setting {
  readonly key: string;
  readonly bit: number;
  /** What a right value looks like, for messages. */
  readonly example: string;
  readonly read: (draft: Draft, from: number, to: number) => void;
}

const arches: readonly (readonly [string, Arch])[] = [
  ["arm64", "arm64"],
  ["x64", "x64"],
  ["aarch64", "arm64"],
  ["amd64", "x64"],
  ["x86_64", "x64"],
];
const systems: readonly (readonly [string, Os])[] = [
  ["linux", "linux"],
  ["windows", "windows"],
];
const truths: readonly (readonly [string, boolean])[] = [
  ["true", true],
  ["false", false],
];

const cpu: NumberRule = {
  key: "cpu",
  form: `a whole number such as cpu=4, or a range such as cpu=4+16`,
  min: 1,
  max: maxCpu,
  bounds: `1 to ${maxCpu} vCPUs`,
  scan: scanInteger,
};
const ram: NumberRule = {
  key: "ram",
  form: `GiB such as ram=8 or ram=0.5, or a range such as ram=8+32`,
  // Above zero: three decimals are the most there are.
  min: 0.001,
  max: maxRamGib,
  bounds: `more than 0 GiB`,
  scan: scanDecimal,
};
const gen: NumberRule = {
  key: "gen",
  form: `a whole number such as gen=8`,
  min: 1,
  max: maxGeneration,
  bounds: `1 to ${maxGeneration}`,
  scan: scanInteger,
};
const disk: NumberRule = {
  key: "disk",
  form: `whole GiB such as disk=200`,
  min: minDiskGib,
  max: maxDiskGib,
  bounds: `${minDiskGib} to ${maxDiskGib} GiB`,
  scan: scanInteger,
};

function readCpu(draft: Draft, from: number, to: number): void {
  const range = readRange(draft, cpu, from, to);
  if (range !== undefined) draft.cpu = { min: range.min, max: range.max ?? range.min };
}

function readFamilies(draft: Draft, from: number, to: number): void {
  const families = readList(draft, "family", isFamilyName, "c7g+m7g", from, to);
  draft.families = families;
  for (const name of families) {
    if (!isMetalName(name)) continue;
    const message = `${name} is bare metal, which is never bought; name a size such as ${name.replace(/\..*/, ".large")}`;
    complain(draft, "invalid-value", "family", message);
  }
}

function readRunner(draft: Draft, from: number, to: number): void {
  const name = readName(draft, "runner", from, to);
  if (name === undefined) return;
  const builtin = parseBuiltinRunner(name);
  if (builtin === undefined) {
    draft.runner = name;
    const { runners } = draft;
    if (runners === undefined || Object.hasOwn(runners, name)) return;
    const near = nearest(name, Object.keys(runners));
    complain(
      draft,
      "invalid-value",
      "runner",
      `There is no runner ${name}${near === undefined ? "" : `; did you mean ${near}?`}`,
      near,
    );
    return;
  }
  const { os, arch } = builtin;
  const vcpus = builtin.cpu;
  if (vcpus < 0) {
    const fixed = name.replace(/^0+(?=\d)/, "");
    complain(draft, "invalid-value", "runner", `${name} has a leading zero; write ${fixed}`, fixed);
  } else if (vcpus < 1 || vcpus > maxCpu) {
    complain(draft, "out-of-range", "runner", `${name}: cpu is ${cpu.bounds}`);
  } else if (os === "windows" && arch === "arm64") {
    const fixed = `${vcpus}cpu-windows-x64`;
    complain(draft, "contradiction", "runner", `Windows machines are x64; write ${fixed}`, fixed);
  } else {
    draft.runner = name;
    draft.builtin = { os, arch, cpu: { min: vcpus, max: vcpus } };
  }
}

type Row = Omit<Setting, "bit">;
const rows: readonly Row[] = [
  { key: "cpu", example: "4", read: readCpu },
  {
    key: "ram",
    example: "8",
    read: (draft, from, to) => {
      draft.ramGib = readRange(draft, ram, from, to);
    },
  },
  {
    key: "family",
    example: "c7g+m7g",
    read: readFamilies,
  },
  {
    key: "gen",
    example: "8",
    read: (draft, from, to) => {
      draft.generation = readNumber(draft, gen, from, to);
    },
  },
  {
    key: "arch",
    example: "arm64",
    read: (draft, from, to) => {
      draft.arch = readWord(draft, "arch", arches, from, to);
    },
  },
  {
    key: "os",
    example: "linux",
    read: (draft, from, to) => {
      draft.os = readWord(draft, "os", systems, from, to);
    },
  },
  { key: "runner", example: "4cpu-linux-x64", read: readRunner },
  {
    key: "image",
    example: "ubuntu",
    read: (draft, from, to) => {
      draft.image = readName(draft, "image", from, to);
    },
  },
  {
    key: "pool",
    example: "ci",
    read: (draft, from, to) => {
      draft.pool = readName(draft, "pool", from, to);
    },
  },
  {
    key: "disk",
    example: "200",
    read: (draft, from, to) => {
      draft.diskGib = readNumber(draft, disk, from, to);
    },
  },
  {
    key: "spot",
    example: "false",
    read: (draft, from, to) => {
      draft.spot = readWord(draft, "spot", truths, from, to) ?? true;
    },
  },
  {
    key: "region",
    example: "us-east-1+eu-west-1",
    read: (draft, from, to) => {
      draft.regions = readList(draft, "region", isRegion, "us-east-1+eu-west-1", from, to);
    },
  },
  {
    key: "env",
    example: "dev",
    read: (draft, from, to) => {
      draft.environment = readName(draft, "env", from, to);
    },
  },
];

/** Every key that a label of ours may have. */
export const settings: readonly Setting[] = rows.map((row, index) => ({ ...row, bit: 1 << index }));

/** The keys by their length, which alone rules out nearly all of them. */
const byLength: readonly (readonly Setting[])[] = [0, 1, 2, 3, 4, 5, 6].map((length) =>
  settings.filter(({ key }) => key.length === length),
);

/** The setting whose key the part is, in either case. */
export function findSetting(text: string, from: number, to: number): Setting | undefined {
  const candidates = byLength[to - from];
  if (candidates === undefined) return undefined;
  for (const setting of candidates) if (isWord(text, from, to, setting.key)) return setting;
  return undefined;
}
