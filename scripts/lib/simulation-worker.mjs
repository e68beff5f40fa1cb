// A thread of `simulate.mjs`: one simulation after another.
import { parentPort, workerData } from "node:worker_threads";

// Aborted timers carry errors that nobody reads.
Error.stackTraceLimit = 0;
const kit = await import(workerData.kitUrl);
parentPort?.on("message", async (/** @type {any} */ task) => {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  try {
    const result = await kit.runSimulation(task.options);
    const trace = task.wantsTrace || result.violations.length > 0 ? result.trace : "";
    const tookMs = performance.now() - startedMs;
    parentPort?.postMessage({ ...result, trace, task, tookMs, cpu: process.cpuUsage(cpu) });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ task, error: text });
  }
});
