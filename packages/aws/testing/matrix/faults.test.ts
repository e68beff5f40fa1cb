import { describe, expect, it } from "vitest";
import { codesOf } from "./codes.ts";
import { FAULTS } from "./faults.ts";

const calls = [
  ["ec2", "CreateFleet", "RunInstances", "StartInstances", "TerminateInstances", "CreateTags"],
  ["dynamodb", "PutItem", "TransactWriteItems", "Query"],
  ["sqs", "SendMessageBatch", "ReceiveMessage", "DeleteMessageBatch"],
  ["s3", "PutObject", "GetObject"],
].flatMap(([service = "", ...actions]) => actions.map((action) => ({ service, action })));

describe("the list of faults", () => {
  it("names each once, in kebab-case", () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)*$/u.test(name))).toEqual([]);
  });

  it("has calls for every fault, and the two losses of a reply for every call", () => {
    const idle = FAULTS.filter(({ hits }) => !calls.some(hits)).map(({ name }) => name);
    expect(idle).toEqual([]);
    for (const call of calls) {
      const names = FAULTS.filter(({ hits }) => hits(call)).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["reset", "reply-lost", "late-effect"]));
    }
  });

  it("keeps what is special to a service from the others", () => {
    const receive = { service: "sqs", action: "ReceiveMessage" };
    const names = FAULTS.filter(({ hits }) => hits(receive)).map(({ name }) => name);
    for (const name of ["no-capacity", "fleet-in-part", "entry-refused", "object-in-dispute"]) {
      expect(names).not.toContain(name);
    }
  });

  it("refuses a service whose codes nobody has written down", () => {
    expect(() => codesOf({ service: "iam", action: "GetRole" })).toThrow("no codes of iam");
  });
});
