import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const text = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-config-"));
  await writeFile(join(cwd, "fleet.yml"), text);
  await writeFile(join(cwd, "bad.yaml"), `${text}pool: {}\n`);
});
afterAll(() => rm(cwd, { recursive: true }));

describe("a configuration to be tried", () => {
  it("may be the file that people write", async () => {
    const read = await readConfig(cwd, "fleet.yml");
    expect(read).toMatchObject({ ok: true, value: { defaultEnvironment: "ci", pools: [] } });
  });

  it("tells what is wrong with it, each with its place", async () => {
    expect(await readConfig(cwd, "bad.yaml")).toEqual({
      ok: false,
      issues: [
        {
          code: "unknown-key",
          severity: "error",
          message: expect.stringContaining('"pool"'),
          file: "bad.yaml",
          line: 4,
          column: 1,
          path: ["pool"],
          suggestion: "pools",
        },
      ],
    });
  });
});
