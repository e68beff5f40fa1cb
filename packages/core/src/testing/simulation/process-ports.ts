import { createGitHubClient } from "../../github/index.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { ConfigurationSource } from "../../ports/configuration-source.ts";
import type { DemandEvent } from "../../ports/demand-event.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import type { MachineNotice } from "../../ports/machine-notice.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { Leases, StateStore } from "../../ports/state-store.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { FakeGitHub } from "../github/index.ts";
import { createStream } from "./dice.ts";
import { withLatency } from "./latency.ts";
import type { Life } from "./life.ts";
import type { Trouble } from "./trouble.ts";
import { troubledFetch } from "./troubled-fetch.ts";
import { troubledPort } from "./troubled-ports.ts";

/** The ports as a process of this name reaches them. */
export interface ProcessPorts {
  readonly store: StateStore;
  readonly demand: MessageQueue<DemandEvent>;
  readonly reports: MessageQueue<AgentEvent>;
  readonly notices: MessageQueue<MachineNotice>;
  readonly provider: MachineProvider;
}

/** All that a controller reaches the world through. */
export interface ControllerPorts extends ProcessPorts {
  readonly github: GitHubClient;
  readonly clock: Clock;
  /** Absent: no repository narrows what it is allowed. */
  readonly configuration?: ConfigurationSource;
}

/** How long calls take, shortest and longest. */
const latenciesMs = {
  store: [1, 25],
  demand: [2, 40],
  reports: [2, 40],
  provider: [60, 2_500],
} as const;

/** Leases whose takings are told. */
function announced(inner: Leases, taken: () => void): Leases {
  return {
    ...inner,
    acquire: (...words) => {
      const asked = inner.acquire(...words);
      // On the side: whoever asked may never hear the answer.
      asked.then((lease) => lease && taken()).catch(() => undefined);
      return asked;
    },
  };
}

/** How a process reaches the world. */
export interface Reach {
  readonly seed: number;
  /** Clock of the world. */
  readonly clock: Clock;
  readonly github: FakeGitHub;
  readonly trouble: Trouble;
  /** Reaches GitHub. */
  readonly fetch: typeof fetch;
  /** How calls get to the provider. */
  door(provider: MachineProvider): MachineProvider;
  /** Told of each job that GitHub refused to run again. */
  refusedRerun(jobId: string): void;
  /** The ports as a process of this name reaches them. */
  ports(who: string): ProcessPorts;
  /** What a process of this name is told of the files of repositories. Absent: there are none. */
  readonly files?: ((who: string) => ConfigurationSource) | undefined;
}

/** One process, as far as its ports know it. */
export interface Caller {
  /** Name of the process. */
  readonly who: string;
  /** Its calls die and freeze with it. */
  readonly life: Life;
  /** Its own clock. */
  readonly time: Clock;
  /** Its own chance. */
  readonly entropy: Entropy;
  /** Told what goes wrong with its calls. */
  note(what: string): void;
  /** Told when it has taken the lease. */
  tookLease(): void;
}

/** Ports whose calls take their time, go wrong while faults are at work, and die with the process that made them. */
export function processPorts(reach: Reach, caller: Caller): ControllerPorts {
  const { seed, clock, github, trouble } = reach;
  const { who, life, time, entropy, note } = caller;
  const bad = { trouble, clock, note };
  const way = { clock, entropy: createStream(seed, `latency of ${who}`) };
  const slow = <T extends object>(name: keyof typeof latenciesMs, port: T): T =>
    withLatency(troubledPort(name, port, bad), latenciesMs[name], way);
  const own = <T extends object>(name: keyof typeof latenciesMs, port: T): T =>
    life.own(name, slow(name, port));
  const ports = reach.ports(who);
  const client = createGitHubClient({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    baseUrl: "https://github.fake",
    fetch: troubledFetch(reach.fetch, { trouble, note }, reach.refusedRerun),
    clock: time,
    entropy,
  });
  return {
    store: own("store", {
      ...ports.store,
      leases: announced(ports.store.leases, caller.tookLease),
    }),
    demand: own("demand", ports.demand),
    reports: own("reports", ports.reports),
    // What goes wrong with the one queue of messages from outside goes wrong with the other.
    notices: life.own("notices", slow("reports", ports.notices)),
    provider: life.own("provider", reach.door(slow("provider", ports.provider))),
    // Its requests travel by themselves.
    github: life.own("github", troubledPort("github", client, bad)),
    clock: time,
    ...(reach.files === undefined
      ? {}
      : { configuration: life.own("configuration", reach.files(who)) }),
  };
}
