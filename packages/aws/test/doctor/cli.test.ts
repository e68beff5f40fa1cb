import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../../src/main/run-cli.ts";
import { fakeCliHost } from "../stack/fake-cli-host.ts";

async function run(...args: readonly string[]) {
  const { host, written } = fakeCliHost();
  return { code: await runCli(["doctor", ...args], host), ...written };
}

describe("runs-fleet-aws doctor", () => {
  beforeEach(() => {
    // Nothing of who runs the tests, and no call leaves this machine.
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"]) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  });
  afterEach(() => vi.unstubAllEnvs());

  it("tells how it is used, and what its exit codes mean", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 nothing is wrong");
  });

  it.each([
    [[], "--environment"],
    [["-e", "CI"], "error[wrong-option] environment must be"],
    [["-e", "ci", "--subnet", "vpc-1"], "--subnet"],
    [["-e", "ci", "--machines", "0"], "whole number from 1 to 99999"],
    [["-e", "ci", "--shape", "cpus=4"], "shapes: cpus=4 cannot be read"],
    [["-e", "ci", "--tag", "team"], "a key and a value"],
    [["-e", "ci", "--fifo", "notices"], "--fifo"],
    [["-e", "ci"], "error[no-region] No region was named\n  say --region eu-west-1"],
    [["-e", "ci", "--region", "nowhere"], "error[wrong-option] region must be a region"],
  ])("ends with 2 when %j is wrong, and says what", async (args, words) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  });

  it("ends with 2 without credentials, and says where they come from", async () => {
    const { code, out } = await run("-e", "ci", "--region", "eu-west-1");
    expect(code).toBe(2);
    expect(out).toContain("CredentialsProviderError to sts:GetCallerIdentity");
    expect(out).toContain("-> there are no credentials: set AWS_PROFILE");
    expect(out).toContain("Nothing could be asked after identity.");
  });

  it("writes nothing but JSON to its output when it is to", async () => {
    const { code, out, err } = await run("-e", "ci", "--region", "eu-west-1", "--json");
    expect(code).toBe(2);
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      format: 1,
      environment: "ci",
      brokenBy: "identity",
      place: "nowhere",
    });
    expect(err).toContain("Nothing could be asked after identity.");
  });
});
