import { describe, expect, it } from "vitest";
import { dynamodbFailureKind } from "../dynamodb/index.ts";
import { ec2FailureKind } from "../ec2/index.ts";
import { s3FailureKind } from "../s3/index.ts";
import { sqsFailureKind } from "../sqs/index.ts";
import { commonRules } from "./common.ts";
import { dynamodbFailures } from "./dynamodb.ts";
import { ec2Failures } from "./ec2.ts";
import { rulesFrom, tableOf } from "./rule.ts";
import { s3Failures } from "./s3.ts";
import { sources } from "./sources.ts";
import { sqsFailures } from "./sqs.ts";

const tables = { ec2Failures, dynamodbFailures, sqsFailures, s3Failures };

describe("what codes mean", () => {
  it("sends the buyer to the next offering, the next region, or to the operator", () => {
    expect(ec2FailureKind("InsufficientInstanceCapacity")).toBe("capacity");
    expect(ec2FailureKind("UnfulfillableCapacity")).toBe("capacity");
    expect(ec2FailureKind("VcpuLimitExceeded")).toBe("quota");
    expect(ec2FailureKind("RequestLimitExceeded")).toBe("throttled");
    expect(ec2FailureKind("AuthFailure.ServiceLinkedRoleCreationNotPermitted")).toBe("auth");
  });

  it("tells a machine that has gone from a subnet that never was", () => {
    expect(ec2FailureKind("InvalidInstanceID.NotFound")).toBe("not-found");
    expect(ec2FailureKind("InvalidSubnetID.NotFound")).toBe("config");
    expect(ec2FailureKind("InvalidInstanceID.Malformed")).toBe("config");
  });

  it("knows who won, also within a cancelled transaction", () => {
    expect(dynamodbFailureKind("ConditionalCheckFailedException")).toBe("conflict");
    expect(dynamodbFailureKind("ConditionalCheckFailed")).toBe("conflict");
    expect(s3FailureKind("PreconditionFailed")).toBe("conflict");
  });

  it("never takes a missing table, queue or bucket for a missing thing in it", () => {
    expect(dynamodbFailureKind("ResourceNotFoundException")).toBe("config");
    expect(sqsFailureKind("QueueDoesNotExist")).toBe("config");
    expect(sqsFailureKind("AWS.SimpleQueueService.NonExistentQueue")).toBe("config");
    expect(s3FailureKind("NoSuchBucket")).toBe("config");
    expect(s3FailureKind("NoSuchKey")).toBe("not-found");
  });

  it("judges a code that it has never heard of by the status, and says unknown else", () => {
    expect(ec2FailureKind("NewThing", 503)).toBe("unavailable");
    expect(ec2FailureKind("NewThing", 429)).toBe("throttled");
    expect(ec2FailureKind("NewThing", 403)).toBe("auth");
    expect(ec2FailureKind("NewThing", 404)).toBe("unknown");
    expect(ec2FailureKind("NewThing", 400)).toBe("unknown");
    expect(ec2FailureKind("NewThing")).toBe("unknown");
  });

  it.each(Object.entries(tables))("has a source for each row of %s", (_, table) => {
    const known: readonly string[] = Object.values(sources);
    const without = [...table.values()].filter(({ source }) => !known.includes(source));
    expect(without).toEqual([]);
  });

  it("repeats a code of the common rows only to say something else, or with a nearer source", () => {
    const doubled = Object.values(tables).flatMap((table) =>
      commonRules.filter((rule) => {
        const row = table.get(rule.code);
        return row !== rule && row?.kind === rule.kind && row.source === rule.source;
      }),
    );
    expect(doubled).toEqual([]);
  });

  it("lets a service's row win over the common one", () => {
    const common = rulesFrom("page", { config: ["A", "B"] });
    const table = tableOf(common, rulesFrom("model", { throttled: ["B"] }, { retryable: false }));
    expect(table.get("A")).toEqual({ code: "A", kind: "config", source: "page" });
    expect(table.get("B")).toEqual({
      code: "B",
      kind: "throttled",
      retryable: false,
      source: "model",
    });
  });
});
