import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withPolicyTables } from "./policy-tables.ts";

const page = new URL("../../../../docs/deploy-aws.md", import.meta.url);

it("explains in docs/deploy-aws.md every action that is allowed; UPDATE_DOCS=1 brings it up to date", () => {
  const text = readFileSync(page, "utf8");
  const wanted = withPolicyTables(text);
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(page, wanted);
  else expect(text).toBe(wanted);
});

it("sees a page that leaves a policy out, or knows one that is not there", () => {
  expect(() => withPolicyTables("")).toThrow("does not explain runs-fleet-ci-machine");
  const stranger = "<!-- policy: stranger -->\n<!-- /policy -->";
  expect(() => withPolicyTables(stranger)).toThrow("There is no policy stranger");
});
