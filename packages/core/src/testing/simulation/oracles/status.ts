import type { Orchestrator } from "../../../orchestrator-port.ts";
import type { Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";

const minutes = 60_000;
const explainedWithinMs = 3 * minutes;

/**
 * explained: the controller can say why a job waits, and why one failed. Asked only when nothing is wrong: a process that
 * is frozen or about to die answers nobody.
 */
export async function judgeExplained(
  { judge, clock }: Observation,
  trouble: Trouble,
  orchestrators: readonly Orchestrator[],
): Promise<void> {
  if (trouble.calmForMs() < explainedWithinMs) return;
  for (const orchestrator of orchestrators) {
    const status = await orchestrator.status();
    if (status.role !== "controller") continue;
    for (const { id, state, cause, queuedAtMs } of status.jobs) {
      if (state === "failed") {
        judge.check(
          "explained",
          `failed ${id}`,
          cause === undefined ? `job ${id} has failed without a cause` : undefined,
        );
      } else if (state === "queued" && clock.now() - queuedAtMs > explainedWithinMs) {
        const told = await orchestrator.explain({ jobId: id });
        judge.check(
          "explained",
          `queued ${id}`,
          told.length === 0 ? `job ${id} waits and nothing says why` : undefined,
        );
      }
    }
  }
}
