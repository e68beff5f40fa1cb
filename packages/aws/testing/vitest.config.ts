import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { createEmulatorReporter } from "./emulator-reporter.ts";
import { LongestFirst } from "./longest-first.ts";

/** Where the gate wants its counts. */
const report = process.env["RUNS_FLEET_AWS_REPORT"];

/** Tests that need emulators; `node scripts/aws.mjs` runs them all, `npm test` does not. */
export default defineConfig({
  resolve: { conditions: ["@runs-fleet/source"] },
  ssr: { resolve: { conditions: ["@runs-fleet/source"] } },
  test: {
    root: join(import.meta.dirname, "..", "..", ".."),
    include: [
      "packages/aws/{test,testing}/**/*.emulator.ts",
      "examples/aws-service/test/**/*.emulator.ts",
    ],
    // They wait far more than they compute: for visibilities, leases, timeouts.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    globalSetup: join(import.meta.dirname, "global-setup.ts"),
    reporters: ["default", createEmulatorReporter(), ...(report ? ["json"] : [])],
    ...(report ? { outputFile: { json: report } } : {}),
    // The SDK speaks of its versions of next year, once per file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
