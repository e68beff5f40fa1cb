import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { variables } from "../src/variables.ts";

it("explains in .env.example what --help explains", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const wanted = Object.entries(variables).map(([name, meaning]) => `# ${meaning}\n#${name}=\n`);
  expect(example).toBe(wanted.join("\n"));
});
