// How long a fresh process waits for `import "@runs-fleet/core"`, and how large the entry is in a user's bundle.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const runs = 9;

export function run() {
  const entry = new URL("../packages/core/dist/index.js", import.meta.url).href;
  const program = `const begin = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - begin);`;
  const measured = Array.from({ length: runs }, () =>
    Number(
      execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }),
    ),
  ).sort((a, b) => a - b);
  const medianMs = measured[(runs - 1) / 2];
  return [
    {
      name: `import of @runs-fleet/core, fresh process, median of ${runs}`,
      value: medianMs,
      unit: "ms",
      target: "< 50",
      ok: medianMs < 50,
    },
    ...sizes(),
  ];
}

/** The budgets of .size-limit.json, as size-limit measures them: bundled, minified, compressed. */
function sizes() {
  const budgets = JSON.parse(readFileSync(new URL("../.size-limit.json", import.meta.url), "utf8"));
  const sizeLimit = fileURLToPath(new URL("../node_modules/size-limit/bin.js", import.meta.url));
  let json;
  try {
    json = execFileSync(process.execPath, [sizeLimit, "--json"], { cwd: root, encoding: "utf8" });
  } catch (failure) {
    json = failure.stdout; // exit code 1: a budget is exceeded, the rows say which
  }
  return JSON.parse(json).map(({ name, size, passed }) => ({
    name: `size of ${name}`,
    value: size / 1000,
    unit: "kB",
    target: `<= ${budgets.find((budget) => budget.name === name)?.limit}`,
    ok: passed,
  }));
}
