import { expect, it } from "vitest";
import { machines } from "./readme-example.ts";

it("shows in the README a provider that is accepted as it stands, and calls nothing yet", () => {
  expect(machines.name).toBe("ec2");
});
