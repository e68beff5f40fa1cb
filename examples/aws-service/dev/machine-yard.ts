import { type ChildProcess, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import {
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { ec2TagKeys } from "@runs-fleet/aws/ec2";
import { systemClock } from "@runs-fleet/core";
import {
  createFakeInstanceMetadata,
  type FakeInstanceMetadata,
  prepareFakeRunnerDirectory,
} from "@runs-fleet/core/testing";
import type { TestAws } from "../../../packages/aws/testing/test-aws.ts";

/** Plays the inside of every instance: its metadata, and the agent as its only program. */
export interface MachineYard extends AsyncDisposable {
  /** Instances whose agent runs now. */
  readonly running: () => number;
  /** How many agents were ever started. */
  readonly booted: () => number;
  /** Lines of agents that ended with an error. */
  readonly problems: readonly string[];
}

/** What {@link openMachineYard} needs. */
export interface MachineYardOptions {
  readonly aws: TestAws;
  /** Environment whose instances are played. */
  readonly environment: string;
  /** Unique id of the machines' role. */
  readonly roleId: string;
  /** The agent's program. */
  readonly agent: string;
  /** The runner's listener, a program for Node. */
  readonly listener: string;
  /** Where runners and logs of machines are put. */
  readonly directory: string;
  /** How long a machine boots before its agent starts, milliseconds; of many at once, most take longer. */
  readonly bootMs: number;
  /** Further variables of every agent. */
  readonly variables: Readonly<Record<string, string>>;
}

interface Inhabitant {
  readonly metadata: FakeInstanceMetadata;
  readonly agent: ChildProcess;
}

const lookEveryMs = 500;
/** Machines do not boot in step, and a computer that starts hundreds of agents at once does nothing else for minutes. */
const startEveryMs = 200;
const bySlug = (id: string): string => id.replaceAll(/[^\w-]/g, "_");

/** Watches the emulator for instances until it is disposed. */
export function openMachineYard(options: MachineYardOptions): MachineYard {
  const { aws, environment, roleId, agent, listener, directory, bootMs, variables } = options;
  // Credentials of its own: its calls are not the orchestrator's.
  const client = new EC2Client(aws.clientOptions({ credentials: aws.machine("yard", "AROAYARD") }));
  const inhabitants = new Map<string, Inhabitant>();
  const booting = new Set<string>();
  const problems: string[] = [];
  const over = new AbortController();
  // Every machine that boots listens.
  setMaxListeners(0, over.signal);
  let booted = 0;
  let nextStartMs = 0;

  /** Waits for a machine's turn to start its agent. */
  async function boots(): Promise<void> {
    const readyMs = Math.max(systemClock.now() + bootMs, nextStartMs);
    nextStartMs = readyMs + startEveryMs;
    await systemClock.sleep(readyMs - systemClock.now(), over.signal);
  }

  async function instances(): Promise<readonly Instance[]> {
    const Filters = [
      { Name: `tag:${ec2TagKeys.environment}`, Values: [environment] },
      { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
    ];
    const found: Instance[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new DescribeInstancesCommand({ Filters, NextToken }));
      found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }

  const tagsOf = ({ Tags = [] }: Instance): Record<string, string> =>
    Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));

  async function boot(instance: Instance): Promise<void> {
    const { InstanceId: id = "", InstanceType: type = "m7g.large" } = instance;
    booting.add(id);
    try {
      await boots();
      const runner = join(directory, bySlug(id));
      await mkdir(runner, { recursive: true });
      await prepareFakeRunnerDirectory(runner, { program: listener });
      const metadata = createFakeInstanceMetadata({
        clock: systemClock,
        identity: {
          instanceId: id,
          instanceType: type,
          region: aws.region,
          accountId: aws.accountId,
          lifeCycle: instance.InstanceLifecycle === "spot" ? "spot" : "on-demand",
        },
        tags: tagsOf(instance),
        credentials: { role: "machine", ...aws.machine(id, roleId) },
      });
      const { url } = await metadata.listen();
      if (over.signal.aborted) {
        await metadata[Symbol.asyncDispose]();
        return;
      }
      const child = spawn(process.execPath, [agent], {
        stdio: ["ignore", "ignore", "pipe"],
        env: {
          PATH: process.env["PATH"],
          HOME: runner,
          AWS_ENDPOINT_URL: aws.url,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
          RUNS_FLEET_RUNNER_DIR: runner,
          RUNS_FLEET_POWER_OFF_COMMAND: JSON.stringify(["true"]),
          ...variables,
        },
      });
      booted += 1;
      inhabitants.set(id, { metadata, agent: child });
      let said = "";
      child.stderr?.on("data", (text) => {
        said = `${said}${text}`.slice(-2_000);
      });
      child.once("exit", (code) => {
        if (code !== 0 && code !== null) problems.push(`${id} ended with ${code}: ${said.trim()}`);
        leave(id).catch(() => undefined);
      });
    } catch (error) {
      // It stays among those that boot: once is enough to see why.
      if (!over.signal.aborted) problems.push(`${id} did not boot: ${error}`);
      return;
    }
    booting.delete(id);
  }

  /** What a machine does when its agent has powered it off: its shutdown behaviour is to be terminated. */
  async function leave(id: string): Promise<void> {
    const inhabitant = inhabitants.get(id);
    inhabitants.delete(id);
    await inhabitant?.metadata[Symbol.asyncDispose]();
    await rm(join(directory, bySlug(id)), { recursive: true, force: true });
    if (inhabitant === undefined || over.signal.aborted) return;
    await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  }

  /** What EC2 does to a machine that is stopped or terminated from outside. */
  async function cut(id: string): Promise<void> {
    const inhabitant = inhabitants.get(id);
    if (inhabitant === undefined) return;
    inhabitants.delete(id);
    inhabitant.agent.kill("SIGKILL");
    await inhabitant.metadata[Symbol.asyncDispose]();
  }

  async function look(): Promise<void> {
    const seen = new Map(
      (await instances()).map((instance) => [instance.InstanceId ?? "", instance]),
    );
    const isUp = (id: string): boolean =>
      ["pending", "running"].includes(seen.get(id)?.State?.Name ?? "");
    await Promise.all([...inhabitants.keys()].filter((id) => !isUp(id)).map(cut));
    for (const [id, instance] of seen) {
      if (!isUp(id)) continue;
      const inhabitant = inhabitants.get(id);
      if (inhabitant !== undefined) inhabitant.metadata.setTags(tagsOf(instance));
      else if (!booting.has(id)) boot(instance).catch(() => undefined);
    }
  }

  const watching = (async () => {
    while (!over.signal.aborted) {
      await look().catch(() => undefined);
      await systemClock.sleep(lookEveryMs, over.signal);
    }
  })().catch(() => undefined);

  return {
    running: () => inhabitants.size,
    booted: () => booted,
    problems,
    async [Symbol.asyncDispose]() {
      over.abort(new Error("The yard is closed"));
      await watching;
      await Promise.all([...inhabitants.keys()].map(cut));
      client.destroy();
    },
  };
}
