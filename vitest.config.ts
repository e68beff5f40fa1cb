import { defineConfig, type ViteUserConfig } from "vitest/config";
import { createSlowReporter } from "./test/slow-reporter.ts";

export default defineConfig({
  resolve: { conditions: ["@runs-fleet/source"] },
  ssr: { resolve: { conditions: ["@runs-fleet/source"] } },
  test: {
    reporters: reporters(),
    // Generous, because the gate runs its checks and three emulators beside the tests; nothing waits for it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of itself vitest takes one worker on two cores, and many tests wait for processes: one waits while another computes.
    maxWorkers: "100%",
    // Files of one worker share what they import, which halves the time; the full run has each import its own, as proof that none
    // goes by what another has left behind.
    isolate: process.env["RUNS_FLEET_FULL"] === "1",
    include: ["{packages,examples}/*/{src,test,testing}/**/*.test.ts", "test/**/*.test.ts"],
    typecheck: {
      enabled: true,
      include: ["packages/*/src/**/*.test-d.ts"],
      tsconfig: "tsconfig.vitest.json",
    },
    coverage: { provider: "v8", include: ["packages/*/src/**/*.ts"] },
  },
});

/** What people see, what the gate counts (`RUNS_FLEET_TEST_REPORT` names a file), and what never ends. */
function reporters(): NonNullable<NonNullable<ViteUserConfig["test"]>["reporters"]> {
  const report = process.env["RUNS_FLEET_TEST_REPORT"];
  return [
    "default",
    createSlowReporter(),
    ...(report ? [["json", { outputFile: report }] as ["json", object]] : []),
  ];
}
