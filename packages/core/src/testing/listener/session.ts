import { setTimeout as delay } from "node:timers/promises";
import { errorCodeOf, isOutage, type ServiceAnswer, type ServiceClient } from "./service-client.ts";

/** An open session. */
export interface Session {
  /** Path of the session's calls. */
  readonly path: string;
  readonly pollMs: number;
}

/** Why there is no session, as the code the listener exits with. */
export interface NoSession {
  readonly exitCode: 1 | 2 | 5;
  readonly reason: string;
}

const mostOutages = 10;
const mostConflicts = 4;

/** Pause before the n-th repetition after an outage, milliseconds. */
const backOffMs = (attempt: number): number => Math.min(2_000, 100 * 2 ** Math.min(attempt, 5));

/** Repeats the call until it is answered; the last answer after too many outages. */
export async function persist(
  call: () => Promise<ServiceAnswer>,
  most = Number.POSITIVE_INFINITY,
): Promise<ServiceAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await call();
    if (!isOutage(answer) || attempt >= most) return answer;
    await delay(backOffMs(attempt));
  }
}

/** Opens the session of the registration, as patiently as the real listener. */
export async function openSession(
  client: ServiceClient,
  jitConfig: string,
  version: string,
): Promise<Session | NoSession> {
  const body = { jitConfig, version, os: process.platform === "win32" ? "windows" : "linux" };
  for (let conflicts = 0; ; conflicts += 1) {
    const answer = await persist(() => client.call("POST", "/_runner/sessions", body), mostOutages);
    if (answer.status === 201 && typeof answer.body["sessionId"] === "string") {
      const { pollMs } = answer.body;
      return {
        path: `/_runner/sessions/${encodeURIComponent(answer.body["sessionId"])}`,
        pollMs: typeof pollMs === "number" ? pollMs : 50_000,
      };
    }
    if (isOutage(answer)) return { exitCode: 2, reason: "GitHub does not answer" };
    const reason = errorCodeOf(answer) ?? `status ${answer.status}`;
    if (answer.status !== 409) return { exitCode: 1, reason };
    if (conflicts >= mostConflicts) return { exitCode: 5, reason };
    const { retryAfterMs } = answer.body;
    await delay(typeof retryAfterMs === "number" ? retryAfterMs : 30_000);
  }
}
