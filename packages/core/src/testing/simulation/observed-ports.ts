import type { DemandEvent } from "../../ports/demand-event.ts";
import type { MachineNotice } from "../../ports/machine-notice.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { StateStore } from "../../ports/state-store.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { type Observation, observeProvider } from "./observe-provider.ts";
import {
  createQueueFacts,
  demandKey,
  judgeDemandAck,
  judgeReportAck,
  observeQueue,
  type QueueFacts,
} from "./observe-queue.ts";
import { createStoreFacts, observeStore, type StoreFacts } from "./observe-store.ts";
import { createListingFacts, judgeListing, type ListingFacts } from "./oracles/budget.ts";
import { createHeldBack, judgeFairness } from "./oracles/fair.ts";
import { judgeWebhook } from "./oracles/messages.ts";
import { createNarrowedMemory, judgeNarrowed, type NarrowedMemory } from "./oracles/narrowed.ts";
import { judgeObservedPurchase, judgeObservedRecords } from "./oracles/observed.ts";
import {
  createTraceFacts,
  judgeAssignmentTrace,
  judgeMessageTrace,
  judgePurchaseTrace,
  judgeRecordTraces,
  noteDelivery,
  type TraceFacts,
} from "./oracles/one-trace.ts";
import { judgeLateUse, judgeRerunClaims } from "./oracles/reruns.ts";
import { createToldMemory, type ToldMemory } from "./oracles/told.ts";
import type { ProcessPorts } from "./process-ports.ts";
import { type Traces, traceIdOf } from "./recording-telemetry.ts";
import type { Trouble } from "./trouble.ts";
import { noteKnown } from "./truth.ts";

/** What is noted at the ports of all processes, for oracles that look later. */
export interface PortFacts {
  readonly store: StoreFacts;
  readonly demand: QueueFacts;
  readonly reports: QueueFacts;
  readonly traces: TraceFacts;
  readonly listings: ListingFacts;
  readonly narrowed: NarrowedMemory;
  readonly told: ToldMemory;
}

/** Nothing noted yet. */
export function createPortFacts(): PortFacts {
  return {
    store: createStoreFacts(),
    demand: createQueueFacts(),
    reports: createQueueFacts(),
    traces: createTraceFacts(),
    listings: createListingFacts(),
    narrowed: createNarrowedMemory(),
    told: createToldMemory(),
  };
}

/** The ports as they are, troubles included. */
export interface BarePorts {
  readonly store: StateStore;
  readonly demand: MessageQueue<DemandEvent>;
  readonly reports: MessageQueue<AgentEvent>;
  readonly notices: MessageQueue<MachineNotice>;
  readonly provider: MachineProvider;
}

/**
 * The ports as each process reaches them: all that goes through is judged as it happens. `isNarrowed`: some repositories narrow what
 * they are allowed.
 */
export function observedPorts(
  bare: BarePorts,
  observation: Observation,
  facts: PortFacts,
  traces: Traces,
  trouble: Trouble,
  isNarrowed: boolean,
): (who: string) => ProcessPorts {
  const { clock } = observation;
  const { records } = facts.store;
  const heldBack = createHeldBack(trouble, clock);
  const demandAck = judgeDemandAck(observation);
  const reportAck = judgeReportAck(observation);
  return (who) => ({
    store: observeStore(bare.store, who, observation, facts.store, (changes, assignments) => {
      judgeFairness(observation, records, changes, heldBack());
      judgeRerunClaims(observation, records, changes);
      judgeObservedRecords(observation, changes);
      if (isNarrowed) judgeNarrowed(observation, facts.narrowed, who, changes);
      judgeRecordTraces(observation, facts.traces, changes, traces.spansOf);
      for (const assignment of assignments) {
        judgeLateUse(observation, assignment);
        judgeAssignmentTrace(observation, facts.traces, records, assignment, traces.spansOf);
      }
    }),
    demand: observeQueue(
      bare.demand,
      facts.demand,
      demandKey,
      demandAck,
      clock,
      ({ body, trace }) => {
        if (body.kind === "job") judgeMessageTrace(observation, facts.traces, body, trace);
      },
    ),
    reports: observeQueue(bare.reports, facts.reports, ({ id }) => id, reportAck, clock),
    notices: {
      ...bare.notices,
      acknowledge: async (deliveries, options) => {
        for (const { body } of deliveries) {
          if (body.kind !== "interruption" && body.kind !== "ended") continue;
          // Of one that is not on the books yet, nothing was learnt.
          if (records.machines.has(body.machineId))
            noteKnown(observation.truth, body.machineId, clock.now());
        }
        await bare.notices.acknowledge(deliveries, options);
      },
    },
    provider: observeProvider(bare.provider, who, observation, {
      listing: () => judgeListing(observation, facts.listings, who),
      listed: (machines) => {
        for (const { id, state } of machines) {
          const isOver = state === "terminated" || state === "shutting-down";
          if (isOver && observation.truth.takenAtMs.has(id))
            noteKnown(observation.truth, id, clock.now());
        }
      },
      purchase: ({ id }) => {
        const traceId = traceIdOf(traces.telemetry.inject());
        judgePurchaseTrace(observation, facts.traces, records, id, traceId);
        judgeObservedPurchase(observation, facts.traces, id, traceId);
      },
    }),
  });
}

/** Hands webhooks to the processes, each in a trace of its own, and judges what they answer. */
export function observedWebhooks(
  handle: (request: Request) => Promise<Response>,
  observation: Observation,
  facts: PortFacts,
  traces: Traces,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const guid = request.headers.get("x-github-delivery") ?? "";
    const response = await traces.begin((traceId) => {
      noteDelivery(facts.traces, guid, traceId);
      return handle(request);
    });
    judgeWebhook(observation, guid, response.status, facts.demand);
    return response;
  };
}
