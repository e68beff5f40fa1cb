import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseJob } from "./job.ts";
import { prepareFakeRunnerDirectory } from "./prepare.ts";
import { decodeJitConfig, readEnvironmentFile, serviceUrlOf } from "./registration.ts";
import { parseScenario } from "./scenario.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runs-fleet-fake-listener-"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

describe("parseScenario", () => {
  it("knows its words and no others", () => {
    expect(parseScenario(undefined)).toMatchObject({ idle: false, hang: false, once: false });
    expect(parseScenario("")).toEqual(parseScenario(undefined));
    for (const word of ["idle", "deaf", "hang", "crash", "gone"] as const) {
      expect(parseScenario(word)?.[word]).toBe(true);
    }
    expect(parseScenario("exit-104")).toMatchObject({ exitCode: 104, once: false });
    expect(parseScenario("relaunch-3")).toMatchObject({ exitCode: 3, once: true });
    for (const word of ["exit-", "exit-256", "exit--1", "relaunch", "Idle", "hang "]) {
      expect(parseScenario(word)).toBeUndefined();
    }
  });
});

describe("decodeJitConfig", () => {
  const files = {
    ".runner": encode({ ServerUrlV2: "http://127.0.0.1:1/" }),
    ".credentials": encode({ scheme: "OAuth" }),
    ".credentials_rsaparams": encode({ d: "secret" }),
  };

  it("finds the three files and the service in them", () => {
    const decoded = decodeJitConfig(encode(files));
    expect(decoded && JSON.parse(decoded[".credentials_rsaparams"] ?? "")).toEqual({ d: "secret" });
    expect(decoded && serviceUrlOf(decoded)).toBe("http://127.0.0.1:1");
  });

  it("takes nothing else", () => {
    const { ".runner": _runner, ...without } = files;
    for (const config of [
      "",
      "not base64!",
      `${encode(files)}!`,
      encode("text"),
      encode({}),
      encode(without),
      encode({ ...files, ".runner": "*" }),
      encode({ ...files, ".runner": encode("text") }),
    ]) {
      expect(decodeJitConfig(config)).toBeUndefined();
    }
    expect(
      serviceUrlOf({ ".runner": JSON.stringify({ ServerUrlV2: "file:///etc" }) }),
    ).toBeUndefined();
  });
});

describe("readEnvironmentFile", () => {
  it("splits at the first equals sign, quotes nothing, and needs no file", async () => {
    expect(readEnvironmentFile(root)).toEqual({});
    await writeFile(join(root, ".env"), 'A=1\r\nB="x=y"\n\nnonsense\n=C\nD=\n');
    expect(readEnvironmentFile(root)).toEqual({ A: "1", B: '"x=y"', D: "" });
  });
});

describe("parseJob", () => {
  it("fills in what a job leaves out, and refuses what is none", () => {
    expect(parseJob({ id: "1", result: "failed", durationMs: 5 })).toMatchObject({
      id: "1",
      attempt: 1,
      result: "failed",
      renewMs: 60_000,
    });
    expect(parseJob({ id: "1", result: "unheard" })?.result).toBe("succeeded");
    for (const value of [undefined, null, 1, {}, { id: 1 }])
      expect(parseJob(value)).toBeUndefined();
  });
});

describe("prepareFakeRunnerDirectory", () => {
  it("lays out a runner whose listener can be started, with its settings", async () => {
    await prepareFakeRunnerDirectory(root, {
      program: "/somewhere/it's/main.js",
      scenario: "hang",
      environment: { A: "1" },
    });
    const listener = join(root, "bin", "Runner.Listener");
    expect((await stat(listener)).mode & 0o111).toBe(0o111);
    expect(await readFile(listener, "utf8")).toContain("'/somewhere/it'\\''s/main.js'");
    expect(readEnvironmentFile(root)).toEqual({ A: "1", RUNS_FLEET_FAKE_SCENARIO: "hang" });
  });

  it("refuses what would make another runner than asked for", async () => {
    const program = "/main.js";
    await expect(prepareFakeRunnerDirectory(root, { program, scenario: "fly" })).rejects.toThrow(
      TypeError,
    );
    const environment = { A: "1\nRUNS_FLEET_FAKE_SCENARIO=crash" };
    await expect(prepareFakeRunnerDirectory(root, { program, environment })).rejects.toThrow(
      TypeError,
    );
  });
});
