import { defineConfig } from "vitest/config";

/** Tests that need an emulator; `scripts/conformance.mjs` starts them, `npm test` does not. */
export default defineConfig({
  resolve: { conditions: ["@runs-fleet/source"] },
  ssr: { resolve: { conditions: ["@runs-fleet/source"] } },
  test: {
    root: import.meta.dirname,
    include: ["*.emulator.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
