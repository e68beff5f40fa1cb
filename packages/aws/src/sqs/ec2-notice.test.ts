import { parseMachineNotice } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ec2NoticeTypes, parseEc2Notice } from "./ec2-notice.ts";

const machineId = "i-0a1b2c3d4e5f60718";
const atMs = Date.parse("2026-11-28T07:00:00Z");

/** An event as EventBridge documents it. */
function anEvent(type: string, detail: object, changes: object = {}) {
  return {
    version: "0",
    id: "1e5527d7-bb36-4607-3370-4164db56a40e",
    "detail-type": type,
    source: "aws.ec2",
    account: "123456789012",
    time: "2026-11-28T07:00:00Z",
    region: "us-east-1",
    resources: [`arn:aws:ec2:us-east-1b:instance/${machineId}`],
    detail: { "instance-id": machineId, ...detail },
    ...changes,
  };
}

const warning = (changes: object = {}) =>
  anEvent("EC2 Spot Instance Interruption Warning", { "instance-action": "terminate" }, changes);
const state = (name: unknown) => anEvent("EC2 Instance State-change Notification", { state: name });

describe("an event of EC2", () => {
  it("that warns of an interruption tells when the machine ends", () => {
    const endsAtMs = atMs + 120_000;
    expect(parseEc2Notice(warning())).toEqual({ kind: "interruption", machineId, atMs, endsAtMs });
  });

  it("that warns of hibernation tells that it happens at once", () => {
    const event = anEvent(ec2NoticeTypes[0] ?? "", { "instance-action": "hibernate" });
    expect(parseEc2Notice(event)).toMatchObject({ kind: "interruption", endsAtMs: atMs });
  });

  it("that recommends a rebalance is advice", () => {
    const event = anEvent("EC2 Instance Rebalance Recommendation", {});
    expect(parseEc2Notice(event)).toEqual({ kind: "rebalance", machineId, atMs });
  });

  it.each([
    ["pending", "other"],
    ["running", "other"],
    ["stopping", "other"],
    ["stopped", "stopped"],
    ["shutting-down", "ended"],
    ["terminated", "ended"],
  ])("that the machine is %s is a notice of kind %s", (name, kind) => {
    expect(parseEc2Notice(state(name))).toEqual({ kind, machineId, atMs });
  });

  it("of the account and the region that are expected is read", () => {
    const origin = { accountId: "123456789012", region: "us-east-1" };
    expect(parseEc2Notice(warning(), origin).kind).toBe("interruption");
  });

  it.each([
    ["account is another one", warning({ account: "210987654321" })],
    ["account is another one", warning({ account: undefined })],
    ["region is another one", warning({ region: "eu-west-1" })],
    ["source is not aws.ec2", warning({ source: "com.example" })],
    ["time is wrong", warning({ time: "yesterday" })],
    ["time is wrong", warning({ time: "2026-13-28T07:00:00Z" })],
    ["time is wrong", warning({ time: 1_795_849_200 })],
    ["detail.instance-id is wrong", warning({ detail: { "instance-id": "i-XYZ" } })],
    ["detail.instance-id is wrong", warning({ detail: { "instance-id": `i-${"a".repeat(33)}` } })],
    ["detail.instance-id is wrong", warning({ detail: null })],
    ["detail.state is wrong", state(7)],
    ["detail-type is another one", anEvent("EC2 Fleet Instance Change", {})],
    ["source is not aws.ec2", "a text"],
    ["source is not aws.ec2", null],
  ])("is refused when its %s, and what it says is not repeated", (what, event) => {
    const origin = { accountId: "123456789012", region: "us-east-1" };
    expect(() => parseEc2Notice(event, origin)).toThrow(
      expect.objectContaining({
        kind: "config",
        message: `Not an event of EC2 for this queue: ${what}`,
      }),
    );
  });

  it("is a notice as the orchestrator takes it, or refused, whatever it says", () => {
    const detail = fc.record(
      {
        "instance-id": fc.oneof(fc.constant(machineId), fc.string(), fc.anything()),
        "instance-action": fc.oneof(fc.constant("terminate"), fc.anything()),
        state: fc.oneof(fc.constant("terminated"), fc.string(), fc.anything()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...ec2NoticeTypes), fc.string()),
        detail,
        fc.oneof(fc.constant("2026-11-28T07:00:00Z"), fc.string(), fc.anything()),
        (type, own, time) => {
          let notice: unknown;
          try {
            notice = parseEc2Notice({ ...warning(), "detail-type": type, detail: own, time });
          } catch (error) {
            expect(error).toMatchObject({ kind: "config" });
            return;
          }
          expect(parseMachineNotice(notice)).toEqual(notice);
        },
      ),
    );
  });
});
