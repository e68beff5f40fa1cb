import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { prepareFakeRunnerDirectory } from "@runs-fleet/core/testing";
import type { TestAws } from "../../testing/test-aws.ts";
import type { MachineStage } from "./stage.ts";

const built = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The executable as an image has it, and the fake listener. */
const agent = built("../../../agent/dist/main/aws.js");
const listener = built("../../../core/dist/testing/listener/main.js");

/** The agent of an instance, as a process of its own. */
export interface AgentProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Its exit code; `undefined` when a signal ended it. */
  readonly ended: Promise<number | undefined>;
  /** Whether it has switched the machine off. */
  isOff(): Promise<boolean>;
}

/** Starts the agent. */
export async function startAgent(
  aws: TestAws,
  stage: MachineStage,
  options: {
    readonly timings?: Readonly<Record<string, number>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly scenario?: string;
  } = {},
): Promise<AgentProcess> {
  const root = await mkdtemp(join(tmpdir(), "runs-fleet-ec2-"));
  const runner = join(root, "runner");
  await prepareFakeRunnerDirectory(runner, {
    program: listener,
    ...(options.scenario !== undefined && { scenario: options.scenario }),
  });
  const off = join(root, "off");
  const switchOff = `require("node:fs").writeFileSync(${JSON.stringify(off)}, "off")`;
  const child = spawn(process.execPath, [agent], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: root,
      AWS_ENDPOINT_URL: aws.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: stage.metadataUrl,
      RUNS_FLEET_RUNNER_DIR: runner,
      RUNS_FLEET_POWER_OFF_COMMAND: JSON.stringify([process.execPath, "-e", switchOff]),
      RUNS_FLEET_AGENT_TIMINGS: JSON.stringify({ fastPollMs: 200, ...options.timings }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      text += chunk;
    });
  }
  const ended = once(child, "close").then(([code]) => (code === null ? undefined : Number(code)));
  return {
    child,
    output: () => text,
    ended,
    isOff: () =>
      readFile(off).then(
        () => true,
        () => false,
      ),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
    },
  };
}

/** Looks every few milliseconds until it holds. */
export async function eventually(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patienceMs = 20_000,
): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`Never came true: ${what}`);
    await delay(20);
  }
}
