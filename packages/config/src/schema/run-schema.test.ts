import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";
import { jsonSchema } from "./json-schema.ts";

async function schema(...args: readonly string[]) {
  const { host, written } = fakeHost();
  const code = await runCli(["schema", ...args], host);
  return { code, ...written };
}

describe("runs-fleet schema", () => {
  it("prints the schema and nothing else", async () => {
    const { code, out, err } = await schema();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual(jsonSchema);
    expect(out.endsWith("}\n")).toBe(true);
  });

  it("prints that of included files, which hold what teams own and need nothing", async () => {
    const { out } = await schema("--included");
    const accepts = new Ajv({ strict: true }).compile(JSON.parse(out));
    expect(accepts({})).toBe(true);
    expect(accepts({ pools: { a: { limits: { machines: 3 } } }, "x-a": 1 })).toBe(true);
    expect(accepts({ pools: { a: {} } })).toBe(false);
    expect(accepts({ policies: [] })).toBe(false);
  });

  it("prints that of the file of a repository, which only narrows", async () => {
    const { out } = await schema("--repository");
    const accepts = new Ajv({ strict: true }).compile(JSON.parse(out));
    expect(accepts({ version: 1, narrow: { pools: ["linux"], maxCpu: 4 } })).toBe(true);
    expect(accepts({ version: 1 })).toBe(false);
    expect(accepts({ version: 1, narrow: {}, policies: [] })).toBe(false);
    expect((await schema("--repository", "--included")).code).toBe(2);
  });

  it("tells how editors come to use it", async () => {
    const { code, out } = await schema("--help");
    expect(code).toBe(0);
    expect(out).toContain("# yaml-language-server: $schema=");
    expect(out).toContain('"yaml.schemas"');
  });

  it("takes nothing else", async () => {
    expect((await schema("file.yml")).code).toBe(2);
  });
});
