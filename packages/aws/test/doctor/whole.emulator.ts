import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iamActionOf } from "../../src/doctor/iam-action.ts";
import type { DoctorReport } from "../../src/doctor/report.ts";
import type { CallMeter } from "../../testing/proxy/call-log.ts";
import { type DoctorStage, openStage, runHere, type SeenRun } from "./stage.ts";

/** moto takes its time to say what it sells. */
const slowMs = 180_000;

let stage: DoctorStage;
let directory: string;
beforeAll(async () => {
  stage = await openStage();
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-doctor-"));
}, slowMs);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

describe("a whole environment on emulators", () => {
  let seen: SeenRun;
  let report: DoctorReport;
  let meter: CallMeter;
  beforeAll(async () => {
    meter = stage.aws.calls.meter();
    const { types: _known, ...asked } = stage;
    seen = await runHere(asked, { machines: 100, report: "report.json" }, { cwd: directory });
    report = JSON.parse(await readFile(join(directory, "report.json"), "utf8")) as DoctorReport;
  }, slowMs);

  it("has nothing that is wrong, and says which rows only AWS can prove", () => {
    expect(seen.exitCode).toBe(0);
    const verdicts = Object.fromEntries(report.findings.map(({ id, verdict }) => [id, verdict]));
    const skipped = [
      ...["alone", "bought", "listing", "replay", "ready", "sender", "restart"],
      ...["own-document", "tag-latency", "shutdown", "clean-up"],
    ];
    const unproven = [
      ...["identity", "region", "clock", "recovery", "queues", "notices", "bucket", "spot-role"],
      ...["addresses", "quotas", "offerings", "dry-run-fleet", "dry-run-run"],
      ...["untagged-denied", "foreign-denied", "foreign-document", "spot-notice"],
    ];
    const proven = [
      ...["tables", "machine-role", "templates", "security-groups", "tags", "orchestrator-policy"],
    ];
    expect(verdicts).toEqual({
      ...Object.fromEntries(proven.map((id) => [id, "proven"])),
      ...Object.fromEntries(unproven.map((id) => [id, "unproven"])),
      ...Object.fromEntries(skipped.map((id) => [id, "skipped"])),
    });
    expect(report.place).toBe("emulator");
    expect(seen.text).toContain(
      "This was not AWS: what only AWS can show is unproven here, whatever was answered.",
    );
  });

  it("says why a row that was answered well is unproven all the same", () => {
    expect(seen.row("region")).toBe(
      "unproven region us-east-1 is enabled; unproven here: an emulator has every region enabled",
    );
    expect(seen.row("dry-run-fleet")).toBe(
      "unproven dry-run-fleet CreateFleet would be allowed, 2 ways; unproven here: an emulator allows everybody everything",
    );
    expect(seen.row("quotas")).toBe(
      "unproven quotas unproven here: the emulator does not know service-quotas:GetAWSDefaultServiceQuota",
    );
  });

  it("buys nothing and changes nothing: what would is only asked", () => {
    const reading = /^(?:Describe|Get|List|Head)/u;
    const others = meter.records().filter(({ action }) => !reading.test(action));
    // EC2 answers a question with 412.
    expect(others.filter(({ status }) => status !== 412)).toEqual([]);
    expect(new Set(others.map(({ action }) => action))).toEqual(
      new Set(["CreateFleet", "RunInstances"]),
    );
  });

  it("needs no permission that the documentation does not name", async () => {
    const page = new URL("../../../../docs/doctor.md", import.meta.url);
    const text = await readFile(page, "utf8");
    const orchestrator = stage.stack.policies.find(({ name }) => name.endsWith("-orchestrator"));
    const has = new Set(orchestrator?.permissions.flatMap(({ actions }) => Object.keys(actions)));
    const needed = meter
      .records()
      .filter(({ service }) => service !== "sts")
      // The proxy does not tell tags of buckets from those of objects.
      .map(({ service, action }) =>
        iamActionOf(service, action.replace(/^GetTagging$/u, "GetBucketTagging")),
      );
    const unnamed = new Set(needed.filter((one) => !has.has(one) && !text.includes(`\`${one}\``)));
    expect([...unnamed]).toEqual([]);
  });

  it("counts each call", () => {
    expect(report.calls).toBe(meter.count());
  });

  it("leaves account and caller out of the report, and tells them to the person", () => {
    const text = JSON.stringify(report);
    expect(text).not.toContain(stage.aws.accountId);
    expect(text).toContain("<account>");
    expect(seen.text).toContain(stage.aws.accountId);
  });
});
