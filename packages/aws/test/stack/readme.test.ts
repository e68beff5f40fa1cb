import { expect, it } from "vitest";
import { makeStack, template } from "./readme-example.ts";

it("renders the README's template, and calls nothing for a stack that cannot be", async () => {
  expect(template).toContain("runs-fleet-ci-intake");
  await expect(makeStack("1", "vpc-0a1b")).rejects.toThrow("accountId must be 12 digits");
});
