import { describe, expect, it } from "vitest";
import { createMachineSenders } from "./machine-senders.ts";

const machine = "i-0a1b2c3d4e5f60718";
const senderOf = createMachineSenders({
  roleIds: ["AROAMACHINESOFTESTS1", "AROAMACHINESOFTESTS2"],
});

describe("the sender of a report", () => {
  it("is the machine, when the session is EC2's under the machines' role", () => {
    expect(senderOf(`AROAMACHINESOFTESTS1:${machine}`)).toBe(machine);
    expect(senderOf(`AROAMACHINESOFTESTS2:${machine}`)).toBe(machine);
  });

  it.each([
    ["another role", `AROASOMEBODYELSE1234:${machine}`],
    ["a session that is no machine", "AROAMACHINESOFTESTS1:deploy"],
    ["more than a machine", `AROAMACHINESOFTESTS1:${machine}:${machine}`],
    ["a user", "AIDAEXAMPLEEXAMPLE12"],
    ["an account", "123456789012"],
    ["nobody", ""],
  ])("is what SQS says for %s", (_, senderId) => {
    expect(senderOf(senderId)).toBe(senderId);
  });

  it("needs roles", () => {
    expect(() => createMachineSenders({ roleIds: [] })).toThrow(TypeError);
    expect(() => createMachineSenders({ roleIds: ["arn:aws:iam::123456789012:role/m"] })).toThrow(
      TypeError,
    );
  });
});
