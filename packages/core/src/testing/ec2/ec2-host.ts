import type { MachineCall, MachineNews } from "../../embedded/memory-machine-options.ts";
import type { FailureKind } from "../../ports/failure.ts";
import type { LaunchAttempt, MachineProvider } from "../../ports/machine-provider.ts";
import type { MachineHost } from "../machines/machine-host.ts";
import { tagKeys } from "./provider-launch.ts";
import {
  createSimulatedEc2,
  type SimulatedEc2,
  type SimulatedEc2Options,
} from "./simulated-ec2.ts";
import { createSimulatedEc2Provider, observeInstance } from "./simulated-ec2-provider.ts";

/** Options of {@link createEc2Host}. */
export interface Ec2HostOptions extends Omit<SimulatedEc2Options, "onNews"> {
  /** How machines are bought. @defaultValue `fleet` */
  readonly buy?: "fleet" | "instances";
  /** Answers the kind of failure of a call that is to fail; it then has no effect. */
  readonly refuse?: (call: MachineCall) => FailureKind | undefined;
  /** Told what begins on the machines, as the memory provider tells it. */
  readonly onNews?: (news: MachineNews) => void;
  /** Told of spot notices. */
  readonly onInterruption?: (id: string, endsAtMs: number) => void;
}

/** Machines of a simulated region, for those who play what runs on them. */
export interface Ec2Host extends MachineHost {
  /** The region itself, to change its conditions and to see what really is. */
  readonly ec2: SimulatedEc2;
}

/**
 * A region whose machines can be lived on: it takes the place of a memory provider, tells the same news, and lets
 * machines hang by telling that they stop while EC2 still calls them running.
 *
 * @throws A RangeError as {@link createSimulatedEc2} does.
 */
export function createEc2Host(options: Ec2HostOptions): Ec2Host {
  const { clock, buy = "fleet", refuse, onNews = () => undefined } = options;
  const attempts = new Map<string, LaunchAttempt>();
  const boots = new Map<string, number>();
  const ec2 = createSimulatedEc2({
    ...options,
    onNews: (news) => {
      if (news.kind === "booting") begin(news.id, news.readyAtMs, news.hangsAtMs);
      else if (news.kind === "tags") {
        const nonce = news.tags.find(({ Key }) => Key === tagKeys.ring)?.Value;
        if (nonce !== undefined) onNews({ kind: "rung", id: news.id, nonce });
      } else if (news.kind === "interruption") options.onInterruption?.(news.id, news.endsAtMs);
      else onNews(news);
    },
  });

  function begin(id: string, readyAtMs: number, hangsAtMs: number): void {
    const boot = (boots.get(id) ?? 0) + 1;
    boots.set(id, boot);
    // The news may come before the caller of the launch knows of the machine.
    const attempt = attempts.get(ec2.tagOf(id, tagKeys.attempt) ?? "");
    if (attempt !== undefined) onNews({ kind: "booting", id, attempt, readyAtMs });
    if (hangsAtMs === Number.POSITIVE_INFINITY) return;
    void clock.sleep(hangsAtMs - clock.now()).then(() => {
      if (boots.get(id) === boot) onNews({ kind: "stopping", id });
    });
  }

  const inner = createSimulatedEc2Provider({ ec2, buy, ...(refuse ? { refuse } : {}) });
  const provider: MachineProvider = {
    ...inner,
    launch: (attempt, callOptions) => {
      attempts.set(attempt.id, attempt);
      return inner.launch(attempt, callOptions);
    },
  };
  return {
    ec2,
    provider,
    shutDown: async (id) => ec2.shutDown(id),
    kill: async (id) => ec2.destroy([id]),
    truth: {
      ...provider,
      list: async ({ environment, region, attemptId }) => {
        if (region !== ec2.region) return [];
        const wanted = (tags: readonly { readonly Key: string; readonly Value: string }[]) =>
          tags.some(({ Key, Value }) => Key === tagKeys.environment && Value === environment);
        return ec2
          .instances()
          .filter(({ Tags }) => wanted(Tags))
          .map(observeInstance)
          .filter((machine) => attemptId === undefined || machine.attemptId === attemptId);
      },
    },
  };
}
