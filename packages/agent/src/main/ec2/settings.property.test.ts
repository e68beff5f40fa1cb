import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";

const names = [
  "RUNS_FLEET_RUNNER_DIR",
  "RUNS_FLEET_POWER_OFF_COMMAND",
  "RUNS_FLEET_TABLE_PREFIX",
  "RUNS_FLEET_REPORTS_QUEUE_URL",
  "RUNS_FLEET_BUCKET",
  "RUNS_FLEET_AGENT_TIMINGS",
  "AWS_EC2_METADATA_SERVICE_ENDPOINT",
];

describe("parseSettings", () => {
  it("needs nothing", () => {
    expect(parseSettings({ RUNS_FLEET_BUCKET: "" })).toEqual({
      ok: true,
      value: {
        runnerDirectory: "/opt/actions-runner",
        powerOffCommand: ["shutdown", "-h", "now"],
        timings: {},
        names: {},
      },
    });
  });

  it("takes what it is told", () => {
    const settings = parseSettings({
      RUNS_FLEET_RUNNER_DIR: "/runner",
      RUNS_FLEET_POWER_OFF_COMMAND: '["/bin/kill","1"]',
      RUNS_FLEET_TABLE_PREFIX: "own-",
      RUNS_FLEET_REPORTS_QUEUE_URL: "https://queues/1/own",
      RUNS_FLEET_BUCKET: "own",
      RUNS_FLEET_AGENT_TIMINGS: '{"idleTimeoutMs":1000}',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1338",
    });
    expect(settings).toEqual({
      ok: true,
      value: {
        runnerDirectory: "/runner",
        powerOffCommand: ["/bin/kill", "1"],
        timings: { idleTimeoutMs: 1_000 },
        metadataEndpoint: "http://127.0.0.1:1338",
        names: { tablePrefix: "own-", reportsQueueUrl: "https://queues/1/own", bucket: "own" },
      },
    });
  });

  it.each([
    ["RUNS_FLEET_POWER_OFF_COMMAND", "shutdown"],
    ["RUNS_FLEET_POWER_OFF_COMMAND", "[]"],
    ["RUNS_FLEET_POWER_OFF_COMMAND", '[""]'],
    ["RUNS_FLEET_POWER_OFF_COMMAND", '["a",1]'],
    ["RUNS_FLEET_POWER_OFF_COMMAND", '{"0":"a"}'],
    ["RUNS_FLEET_REPORTS_QUEUE_URL", "reports"],
    ["RUNS_FLEET_REPORTS_QUEUE_URL", "file:///reports"],
    ["AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254"],
    ["RUNS_FLEET_AGENT_TIMINGS", "[]"],
    ["RUNS_FLEET_AGENT_TIMINGS", '{"idleTimeout":1}'],
    ["RUNS_FLEET_AGENT_TIMINGS", '{"idleTimeoutMs":-1}'],
    ["RUNS_FLEET_AGENT_TIMINGS", '{"idleTimeoutMs":"1"}'],
    ["RUNS_FLEET_BUCKET", "b".repeat(8_193)],
  ])("names the variable %s when it is %s", (name, value) => {
    const settings = parseSettings({ [name]: value });
    expect(settings.ok).toBe(false);
    expect(!settings.ok && settings.problems).toEqual([expect.stringContaining(name)]);
  });

  it("never throws, and names every variable that is wrong at once", () => {
    const value = fc.oneof(fc.string(), fc.json(), fc.constant(undefined), fc.webUrl());
    const environment = fc.record(Object.fromEntries(names.map((name) => [name, value])));
    fc.assert(
      fc.property(environment, (variables) => {
        const all = parseSettings(variables);
        const alone = names.filter((name) => !parseSettings({ [name]: variables[name] }).ok);
        expect(all.ok ? [] : all.problems.map((problem) => /^\w+/u.exec(problem)?.[0])).toEqual(
          expect.arrayContaining(alone),
        );
        expect(all.ok).toBe(alone.length === 0);
      }),
    );
  });
});
