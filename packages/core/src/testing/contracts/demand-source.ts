import type { JobEvent } from "../../ports/demand-event.ts";
import type { DemandSource, SourcedDemand } from "../../ports/demand-source.ts";
import type { TestApi } from "../test-api.ts";
import {
  abortedSignal,
  type ContractEnvironment,
  createCases,
  failureOf,
  type Stage,
  watch,
} from "./stage.ts";

/** A source under test, with the means to feed it. */
export interface DemandSourceSubject {
  /** The source under test. */
  readonly source: DemandSource;
  /** Makes a job appear where the source looks. */
  offer(event: JobEvent): Promise<void>;
}

/** What a source can and cannot do. */
export interface DemandSourceTraits {
  /** How long until an event that nobody acknowledged is yielded again, milliseconds. @defaultValue 60,000 */
  readonly redeliverMs?: number;
}

/** Options of {@link describeDemandSourceContract}. */
export interface DemandSourceContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** A source without demand, for one case. Disposed of after the case when it can be. */
  create(environment: ContractEnvironment): Promise<DemandSourceSubject>;
  /** What is special about the source. */
  readonly traits?: DemandSourceTraits;
}

function job(jobId: string): JobEvent {
  return {
    kind: "job",
    action: "queued",
    jobId,
    runId: "1",
    attempt: 1,
    repository: "acme/api",
    repositoryId: "7",
    visibility: "private",
    fork: false,
    labels: ["runs-fleet"],
    deliveryId: `delivery-${jobId}`,
    receivedAtMs: 1_790_000_000_000,
  };
}

/** Someone who listens until told to stop. */
function listen(source: DemandSource) {
  const controller = new AbortController();
  const heard: SourcedDemand[] = [];
  const listening = watch(
    (async () => {
      for await (const demand of source.receive({ signal: controller.signal })) heard.push(demand);
    })(),
  );
  return {
    heard: () => heard.map(({ event }) => event.jobId),
    acknowledge: async (jobId: string) => {
      for (const demand of heard) if (demand.event.jobId === jobId) await demand.acknowledge();
    },
    stop: () => {
      controller.abort("enough");
      return listening;
    },
  };
}

/** Declares the cases that every {@link DemandSource} must pass. */
export function describeDemandSourceContract(options: DemandSourceContractOptions): void {
  const { api, traits = {} } = options;
  const { expect } = api;
  const { redeliverMs = 60_000 } = traits;
  const check = createCases(api, options.create);

  /** Waits for as many events; a source may need a while to see them. */
  function hears(listener: { heard(): readonly string[] }, count: number, stage: Stage) {
    return stage.reach(() => listener.heard().length >= count, 1_000, 600);
  }

  /** Stops a listener; one that cannot be stopped is the concern of one case, not of all. */
  async function finish(listener: ReturnType<typeof listen>, stage: Stage): Promise<void> {
    await stage.reach(listener.stop().hasEnded, 100, 20);
  }

  api.describe("DemandSource contract", () => {
    check("yields what is there and what comes later", async ({ source, offer }, stage) => {
      await offer(job("1"));
      const listener = listen(source);
      expect(await hears(listener, 1, stage)).toBe(true);
      await offer(job("2"));
      expect(await hears(listener, 2, stage)).toBe(true);
      expect(listener.heard()).toEqual(["1", "2"]);
      await finish(listener, stage);
    });

    check("yields an event whole", async ({ source, offer }, stage) => {
      const event = { ...job("1"), headSha: "abc", createdAtMs: 1_789_999_999_000 };
      await offer(event);
      const events: JobEvent[] = [];
      const controller = new AbortController();
      const listening = watch(
        (async () => {
          for await (const demand of source.receive({ signal: controller.signal })) {
            events.push(demand.event);
          }
        })(),
      );
      await stage.reach(() => events.length > 0, 1_000, 600);
      expect(events).toEqual([event]);
      controller.abort("enough");
      await stage.reach(listening.hasEnded, 100, 20);
    });

    check("yields an event again that was not acknowledged", async ({ source, offer }, stage) => {
      await offer(job("1"));
      await offer(job("2"));
      const first = listen(source);
      expect(await hears(first, 2, stage)).toBe(true);
      await first.acknowledge("1");
      await finish(first, stage);
      await stage.pass(redeliverMs + 1_000);
      const second = listen(source);
      expect(await hears(second, 1, stage)).toBe(true);
      await stage.pass(redeliverMs / 2);
      expect(second.heard()).toEqual(["2"]);
      await finish(second, stage);
    });

    check("never yields an acknowledged event again", async ({ source, offer }, stage) => {
      await offer(job("1"));
      const first = listen(source);
      expect(await hears(first, 1, stage)).toBe(true);
      await first.acknowledge("1");
      await finish(first, stage);
      const second = listen(source);
      await stage.pass(redeliverMs * 3);
      expect(second.heard()).toEqual([]);
      await finish(second, stage);
    });

    check("loses nothing of a listener that stops in the middle", async (subject, stage) => {
      const { source, offer } = subject;
      await offer(job("1"));
      await offer(job("2"));
      const iterator = source.receive()[Symbol.asyncIterator]();
      const next = iterator.next();
      expect(await stage.reach(watch(next).hasEnded, 1_000, 600)).toBe(true);
      const first: SourcedDemand | undefined = (await next).value;
      await first?.acknowledge();
      await iterator.return?.();
      expect(first?.event.jobId).toBe("1");
      const rest = listen(source);
      await stage.pass(redeliverMs + 1_000);
      expect(rest.heard()[0]).toBe("2");
      await finish(rest, stage);
    });

    check("takes an acknowledgement twice", async ({ source, offer }, stage) => {
      await offer(job("1"));
      const listener = listen(source);
      expect(await hears(listener, 1, stage)).toBe(true);
      await listener.acknowledge("1");
      expect(await failureOf(listener.acknowledge("1"))).toBe("none");
      await finish(listener, stage);
    });

    check("rejects with the reason as soon as the signal aborts", async ({ source }, stage) => {
      const listener = listen(source);
      await stage.pass(5_000);
      const listening = listener.stop();
      expect(await stage.reach(listening.hasEnded, 100, 20)).toBe(true);
      expect(await listening.end).toBe("enough");
    });

    check("yields nothing when it was cancelled before", async ({ source, offer }) => {
      await offer(job("1"));
      const { signal, reason } = abortedSignal();
      const run = async () => {
        for await (const demand of source.receive({ signal })) return demand;
        return undefined;
      };
      expect(await failureOf(run())).toBe(reason);
    });
  });
}
