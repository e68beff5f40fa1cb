import { isDigits, scanInteger } from "./scan.ts";
import type { Arch, Os } from "./shape.ts";

/** What `<n>cpu-<linux or windows>-<x64 or arm64>` says. */
export interface BuiltinRunner {
  /** vCPUs as written: -1 with a leading zero, maybe out of range. */
  readonly cpu: number;
  readonly os: Os;
  readonly arch: Arch;
}

/** The parts of a built-in runner name; `undefined` when the name has another form. */
export function parseBuiltinRunner(name: string): BuiltinRunner | undefined {
  const at = name.indexOf("cpu-");
  if (at < 1 || !isDigits(name, 0, at)) return undefined;
  const dash = name.indexOf("-", at + 4);
  const os = name.slice(at + 4, dash);
  const arch = name.slice(dash + 1);
  if (dash < 0 || (os !== "linux" && os !== "windows")) return undefined;
  if (arch !== "x64" && arch !== "arm64") return undefined;
  return { cpu: scanInteger(name, 0, at), os, arch };
}
