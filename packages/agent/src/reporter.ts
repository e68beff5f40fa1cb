import type { AgentEvent, Clock, Entropy } from "@runs-fleet/core/wire";
import type { AgentOptions } from "./options.ts";

/** What a report says, without what all reports carry. */
type Said<E> = E extends unknown
  ? Omit<E, "id" | "machineId" | "atMs" | "sequence" | "trace">
  : never;

/** What a report says. */
export type Report = Said<AgentEvent>;

/** Sends the machine's reports in order, each until it is sent. */
export interface Reporter {
  /** Queues the report; it carries the instant of this call. */
  report(report: Report): void;
  /** From now on reports carry this trace. */
  follow(trace: AgentEvent["trace"]): void;
  /** Resolves when all are sent, or after `limitMs`; `false`: some were not, and are given up. */
  flush(limitMs: number): Promise<boolean>;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** A reporter that has sent nothing yet. */
export function createReporter(options: {
  readonly machineId: string;
  readonly events: AgentOptions["events"];
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: (line: string) => void;
}): Reporter {
  const { machineId, events, clock, entropy, log } = options;
  const givingUp = new AbortController();
  let sequence = 0;
  let trace: AgentEvent["trace"];
  let sent: Promise<void> = Promise.resolve();

  async function send(event: AgentEvent): Promise<void> {
    const { signal } = givingUp;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await events.send(event, { signal });
        return;
      } catch {
        if (signal.aborted) break;
        if (attempt === 0) log(`report ${event.kind} was not sent, trying again`);
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 6));
        await clock.sleep(pauseMs * (0.5 + entropy.random() / 2), signal).catch(() => undefined);
      }
    }
    log(`report ${event.kind} was given up`);
  }

  return {
    report: (report) => {
      sequence += 1;
      const event = {
        id: entropy.uuid(),
        machineId,
        atMs: Math.max(0, Math.round(clock.now())),
        sequence,
        ...(trace && { trace }),
        ...report,
      } satisfies AgentEvent;
      sent = sent.then(() => send(event));
    },
    follow: (carrier) => {
      trace = carrier;
    },
    flush: async (limitMs) => {
      const enough = new AbortController();
      const limit = clock.sleep(limitMs, enough.signal).then(
        () => givingUp.abort(),
        () => undefined,
      );
      await Promise.race([sent, limit]);
      enough.abort();
      await sent;
      return !givingUp.signal.aborted;
    },
  };
}
