import { FleetError } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { explainFailure } from "./explain-failure.ts";

function answered(name: string, httpStatusCode: number, message = "no") {
  const $metadata = { httpStatusCode, requestId: "r-1" };
  return Object.assign(new Error(message), { name, $metadata });
}

const call = { service: "ec2", operation: "DescribeSubnets" };

it("names code, call, request, and what a policy has to allow", () => {
  const message = `Not authorized. Encoded authorization failure message: ${"x".repeat(3_000)}`;
  expect(explainFailure(answered("UnauthorizedOperation", 403, message), call)).toEqual({
    code: "UnauthorizedOperation",
    kind: "auth",
    call: "ec2:DescribeSubnets",
    missingAction: "ec2:DescribeSubnets",
    status: 403,
    requestId: "r-1",
    message: "Not authorized.",
    advice: "allow ec2:DescribeSubnets to who calls",
    isEverywhere: false,
  });
});

it("finds the SDK's error below ours", () => {
  const cause = answered("ResourceNotFoundException", 400);
  const error = new FleetError({ kind: "config", message: "DynamoDB refuses", cause });
  expect(explainFailure(error, { service: "dynamodb", operation: "DescribeTable" })).toMatchObject({
    code: "ResourceNotFoundException",
    kind: "config",
  });
});

it.each([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "AuthFailure",
  "CredentialsProviderError",
])("says that %s concerns every call, and names no permission", (code) => {
  const failure = explainFailure(answered(code, 403), call);
  expect(failure.isEverywhere).toBe(true);
  expect(failure.missingAction).toBeUndefined();
  expect(failure.advice).toBeDefined();
});

it("does not take a role that is missing for a permission", () => {
  const code = "AuthFailure.ServiceLinkedRoleCreationNotPermitted";
  const failure = explainFailure(answered(code, 403), call);
  expect(failure).toMatchObject({ isEverywhere: false, kind: "auth" });
  expect(failure.missingAction).toBeUndefined();
  expect(failure.advice).toContain("aws iam create-service-linked-role");
});

it("tells a mistake of its own as one", () => {
  expect(explainFailure(new TypeError("x is not a function"), undefined)).toMatchObject({
    code: "unexpected",
    message: "x is not a function",
    isEverywhere: false,
  });
});
