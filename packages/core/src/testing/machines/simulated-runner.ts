import type { Clock } from "../../ports/clock.ts";
import type { AgentResult } from "../../wire/agent-event.ts";

/** What a runner does on a simulated machine, told as it happens. */
export interface RunnerNews {
  registered(): Promise<void>;
  jobStarted(): Promise<void>;
}

/** How long a runner without a job waits before it gives up, milliseconds. */
const idleMs = 5 * 60_000;

interface RunnerJob {
  readonly id: string;
  readonly durationMs: number;
  readonly result: "succeeded" | "failed" | "cancelled";
}

function serverOf(jitConfig: string): string {
  const parts = JSON.parse(atob(jitConfig)) as Record<string, string>;
  const runner = JSON.parse(atob(parts[".runner"] ?? "")) as { ServerUrlV2: string };
  return runner.ServerUrlV2;
}

/** Runs one registration against the fake GitHub, in virtual time, until its job is over or none came. */
export async function runSimulatedRunner(options: {
  readonly jitConfig: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly news: RunnerNews;
  readonly signal: AbortSignal;
}): Promise<AgentResult> {
  const { clock, news, signal } = options;
  const base = `${serverOf(options.jitConfig)}/_runner/sessions`;
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    options.fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal,
    });
  const opened = await call("POST", "", { jitConfig: options.jitConfig, version: "2.336.0" });
  if (opened.status !== 201) return "unknown";
  const { sessionId } = (await opened.json()) as { sessionId: string };
  await news.registered();
  const giveUpMs = clock.now() + idleMs;
  let job: RunnerJob | undefined;
  while (!job && clock.now() < giveUpMs) {
    const answer = await call("GET", `/${sessionId}/message?waitMs=50000`);
    if (answer.status === 200) {
      const message = (await answer.json()) as { kind: string; job?: RunnerJob };
      job = message.job;
    } else if (answer.status === 404 || answer.status === 403) return "no-job";
    else if (answer.status !== 204) await clock.sleep(5_000, signal);
  }
  if (!job) {
    await call("DELETE", `/${sessionId}`);
    return "no-job";
  }
  await call("POST", `/${sessionId}/renew`, { jobId: job.id });
  await news.jobStarted();
  const endMs = clock.now() + job.durationMs;
  let cancelled = false;
  while (clock.now() < endMs && !cancelled) {
    await clock.sleep(Math.min(60_000, endMs - clock.now()), signal);
    if (clock.now() >= endMs) break;
    const renewed = await call("POST", `/${sessionId}/renew`, { jobId: job.id });
    if (renewed.status === 409 || renewed.status === 404) return "unknown";
    if (renewed.status === 200) {
      cancelled = ((await renewed.json()) as { cancel: boolean }).cancel;
    }
  }
  const result = cancelled ? "cancelled" : job.result;
  for (;;) {
    const done = await call("POST", `/${sessionId}/complete`, { jobId: job.id, result });
    if (done.status !== 503) break;
    await clock.sleep(5_000, signal);
  }
  await call("DELETE", `/${sessionId}`);
  return result;
}
