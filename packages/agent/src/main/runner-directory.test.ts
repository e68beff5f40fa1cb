import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareRunnerDirectory } from "./runner-directory.ts";

let root: string;
let source: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runs-fleet-runner-"));
  source = join(root, "source");
  for (const folder of ["bin", "externals/node24", "_work", "_diag"]) {
    mkdirSync(join(source, folder), { recursive: true });
  }
  writeFileSync(join(source, "bin", "Runner.Listener"), "program");
  chmodSync(join(source, "bin", "Runner.Listener"), 0o755);
  symlinkSync("Runner.Listener", join(source, "bin", "link"));
  writeFileSync(join(source, "externals", "node24", "node"), "node");
  for (const file of [".env", ".runner", ".credentials", ".credentials_rsaparams", "run.sh"]) {
    writeFileSync(join(source, file), file);
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("prepareRunnerDirectory", () => {
  it("makes a runner with the same programs, and takes no copy of them", () => {
    const target = join(root, "machine", "runner");
    prepareRunnerDirectory(source, target);
    const program = join(target, "bin", "Runner.Listener");
    expect(readFileSync(program, "utf8")).toBe("program");
    expect(statSync(program).ino).toBe(statSync(join(source, "bin", "Runner.Listener")).ino);
    expect(lstatSync(join(target, "bin", "link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(target, "externals", "node24", "node"), "utf8")).toBe("node");
  });

  it("takes neither a registration nor what earlier jobs left", () => {
    const target = join(root, "runner");
    prepareRunnerDirectory(source, target);
    const left = [".runner", ".credentials", ".credentials_rsaparams", "_work", "_diag"];
    expect(left.filter((name) => existsSync(join(target, name)))).toEqual([]);
  });

  it("gives each machine settings of its own", () => {
    const target = join(root, "runner");
    prepareRunnerDirectory(source, target);
    writeFileSync(join(target, ".env"), "changed by a job");
    expect(readFileSync(join(source, ".env"), "utf8")).toBe(".env");
  });

  it("leaves the runner of a machine that was started again as it is", () => {
    const target = join(root, "runner");
    prepareRunnerDirectory(source, target);
    writeFileSync(join(target, ".env"), "mine");
    prepareRunnerDirectory(source, target);
    expect(readFileSync(join(target, ".env"), "utf8")).toBe("mine");
  });
});
