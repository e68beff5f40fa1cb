import process from "node:process";
import { createProcessMachineProvider } from "@runs-fleet/core/embedded/process";

// A host that launches one machine, says so, and waits to be killed.
const [directory = "", agent = "", runner = ""] = process.argv.slice(2);
const provider = createProcessMachineProvider({
  directory,
  command: [process.execPath, agent],
  environment: { RUNS_FLEET_RUNNER_DIR: runner },
});
const { machines } = await provider.launch({
  id: "attempt-host",
  token: "token-host",
  shard: "ci/local",
  environment: "ci",
  region: "local",
  count: 1,
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  markets: ["spot"],
  specHash: "spec",
  deadlineMs: Date.now() + 60_000,
});
process.stdout.write(`${machines[0]?.id}\n`);
setInterval(() => undefined, 60_000);
