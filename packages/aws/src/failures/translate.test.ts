import { FleetError } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { dynamodbFailures } from "./dynamodb.ts";
import { ec2Failures } from "./ec2.ts";
import { translate } from "./translate.ts";

const context = { service: "EC2", table: ec2Failures, purpose: "launch 3 machines" };

function answered(name: string, status: number, message = "no") {
  const $metadata = { httpStatusCode: status, requestId: "r-1" };
  return Object.assign(new Error(message), { name, $metadata });
}

function translated(error: unknown, over: Partial<Parameters<typeof translate>[1]> = {}) {
  const result = translate(error, { ...context, ...over });
  if (!FleetError.isInstance(result)) throw new Error("Not translated", { cause: result });
  return result;
}

describe("translate", () => {
  it("says what failed, by which code, and keeps the cause", () => {
    const cause = answered("InsufficientInstanceCapacity", 500, "No room");
    const error = translated(cause);
    expect(error).toMatchObject({
      kind: "capacity",
      retryable: false,
      message: "EC2 refuses to launch 3 machines: InsufficientInstanceCapacity, No room",
      details: { code: "InsufficientInstanceCapacity", status: 500, requestId: "r-1" },
      cause,
    });
  });

  it("reads how a connection broke from Node's code", () => {
    const broken = Object.assign(new Error("read ECONNRESET"), {
      code: "ECONNRESET",
      $metadata: { attempts: 3 },
    });
    const error = translated(broken);
    expect(error).toMatchObject({ kind: "unavailable", details: { code: "ECONNRESET" } });
    expect(error.message).toBe(
      "EC2 cannot be reached to launch 3 machines: ECONNRESET, read ECONNRESET",
    );
  });

  it("takes the SDK's own names where there was no answer", () => {
    const late = Object.assign(new Error("too late"), { name: "TimeoutError", $metadata: {} });
    expect(translated(late).kind).toBe("unavailable");
  });

  it("lets a transaction that met another one be repeated, and one that lost not", () => {
    const table = dynamodbFailures;
    const met = answered("TransactionConflictException", 400);
    const lost = answered("ConditionalCheckFailedException", 400);
    expect(translated(met, { table })).toMatchObject({ kind: "conflict", retryable: true });
    expect(translated(lost, { table })).toMatchObject({ kind: "conflict", retryable: false });
  });

  it.each([
    [["None", "ConditionalCheckFailed"], "conflict", false],
    [["TransactionConflict", "None"], "conflict", true],
    [["TransactionConflict", "ConditionalCheckFailed"], "conflict", false],
    [["ThrottlingError", "ConditionalCheckFailed"], "conflict", false],
    [["None", "ThrottlingError"], "throttled", true],
    [["ValidationError", "ThrottlingError"], "config", false],
    [["None"], "unknown", false],
    [[], "unknown", false],
  ])("judges a transaction that was cancelled by %j as %s", (reasons, kind, retryable) => {
    const cancelled = Object.assign(answered("TransactionCanceledException", 400), {
      CancellationReasons: reasons.map((Code) => ({ Code })),
    });
    const error = translated(cancelled, { table: dynamodbFailures });
    expect(error).toMatchObject({ kind, retryable, details: { reasons } });
  });

  it("reads from an answer that broke off that it did", () => {
    const cut = Object.assign(new Error("aborted\n  Deserialization error: see elsewhere"), {
      code: "ECONNRESET",
      $metadata: { httpStatusCode: 200 },
    });
    expect(translated(cut)).toMatchObject({
      kind: "unavailable",
      message: "EC2 breaks off its answer to launch 3 machines: ECONNRESET, aborted",
    });
  });

  it("answers a cancelled call with the reason of its signal", () => {
    const reason = new Error("no longer wanted");
    const signal = AbortSignal.abort(reason);
    expect(translate(answered("InternalError", 500), { ...context, signal })).toBe(reason);
  });

  it("leaves alone what the SDK did not throw", () => {
    const bug = new TypeError("x is not a function");
    expect(translate(bug, context)).toBe(bug);
    const known = new FleetError({ kind: "config", message: "known" });
    expect(translate(known, context)).toBe(known);
  });

  it("cuts what AWS adds without end", () => {
    const error = translated(answered("UnauthorizedOperation", 403, "x".repeat(10_000)));
    expect(error.message.length).toBeLessThan(400);
  });
});
