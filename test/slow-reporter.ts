import type { Reporter } from "vitest/reporters";

const patienceMs = 60_000;

/** Names the files which run for more than a minute: a test that never ends cannot hide. */
export function createSlowReporter(): Reporter {
  const running = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    for (const [file, begin] of running) {
      const elapsedMs = Date.now() - begin;
      if (elapsedMs < patienceMs) continue;
      console.log(` … ${file} has been running for ${Math.round(elapsedMs / 1000)} s`);
    }
  }

  return {
    onInit() {
      timer = setInterval(tell, patienceMs);
      timer.unref();
    },
    onTestModuleStart: (module) => void running.set(module.relativeModuleId, Date.now()),
    onTestModuleEnd: (module) => void running.delete(module.relativeModuleId),
    onTestRunEnd: () => clearInterval(timer),
  };
}
