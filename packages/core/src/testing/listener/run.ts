import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { conclusions, type FakeJob, type JobResult, parseJob } from "./job.ts";
import { createOutput, type Output } from "./output.ts";
import {
  decodeJitConfig,
  readEnvironmentFile,
  removeRegistration,
  serviceUrlOf,
  writeRegistration,
} from "./registration.ts";
import { parseScenario, type Scenario, scenarioWords } from "./scenario.ts";
import { createServiceClient, errorCodeOf, type ServiceClient } from "./service-client.ts";
import { openSession, persist, type Session } from "./session.ts";
import { runJob } from "./work.ts";

/** Version that the listener pretends to be, unless `RUNS_FLEET_FAKE_VERSION` says another. */
export const fakeVersion = "2.336.0";

/** Left behind by a listener that was told to exit with a code once. */
const exitedOnce = ".fake-exited-once";

interface Listener {
  readonly root: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly client: ServiceClient;
  readonly session: Session;
  readonly scenario: Scenario;
  readonly interrupted: AbortSignal;
}

/** The code for how a job ended, as the real listener chooses it. */
function codeFor(result: JobResult, listener: Listener): number {
  const hosted = listener.variables["ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED"] === "1";
  return hosted && !listener.interrupted.aborted ? 100 + conclusions[result].code : 0;
}

async function hookOf(listener: Listener, job: FakeJob, name: string): Promise<boolean> {
  const script = listener.variables[`ACTIONS_RUNNER_HOOK_JOB_${name}`];
  if (script === undefined || script === "") return true;
  if (!existsSync(script)) return false;
  // Loaded only for those who have hooks: every start of a listener counts.
  const { runHook } = await import("./hooks.ts");
  return runHook(script, listener.root, job, readEnvironmentFile(listener.root));
}

/** Works on the job to its end; answers the exit code. */
async function takeJob(listener: Listener, job: FakeJob): Promise<number> {
  const { client, session, output, interrupted } = listener;
  const scenario =
    job.scenario === undefined
      ? listener.scenario
      : (parseScenario(job.scenario) ?? listener.scenario);
  const hook = (name: string): Promise<boolean> => hookOf(listener, job, name);
  const result = await runJob({ client, session, job, scenario, output, interrupted, hook });
  removeRegistration(listener.root);
  return scenario.exitCode ?? (result === "lost" ? 0 : codeFor(result, listener));
}

/** Asks for a job until there is one; answers the exit code. */
async function listen(listener: Listener): Promise<number> {
  const { client, session, output, interrupted, variables } = listener;
  const path = `${session.path}/message?waitMs=${Math.min(60_000, session.pollMs)}`;
  while (!interrupted.aborted) {
    const answer = await persist(() =>
      interrupted.aborted
        ? Promise.resolve({ status: 204, body: {} })
        : client.call("GET", path, undefined, interrupted),
    );
    if (interrupted.aborted) break;
    const job = answer.body["kind"] === "job" ? parseJob(answer.body["job"]) : undefined;
    if (job) return takeJob(listener, job);
    if (answer.status === 404) {
      removeRegistration(listener.root);
      output.print("The registration is gone. Exiting...");
      return 0;
    }
    if (answer.status === 403 && errorCodeOf(answer) === "runner-deprecated") {
      const version = variables["RUNS_FLEET_FAKE_VERSION"] ?? fakeVersion;
      output.print(`Runner version v${version} is deprecated and cannot receive messages.`);
      return variables["ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE"] === "1" ? 7 : 1;
    }
  }
  return 0;
}

/** Exits at once where the scenario says so; answers the code. */
function exitAtStart(root: string, scenario: Scenario): number | undefined {
  const { exitCode, once } = scenario;
  if (exitCode === undefined) return undefined;
  if (!once) return exitCode;
  const mark = join(root, exitedOnce);
  if (existsSync(mark)) return undefined;
  writeFileSync(mark, "");
  if (exitCode === 3 || exitCode === 4) writeFileSync(join(root, "update.finished"), "");
  return exitCode;
}

/** Waits for nothing but the end of the process. */
const forEver = (): Promise<never> =>
  new Promise(() => {
    setInterval(() => undefined, 3_600_000);
  });

/** The `run` command of a listener whose root is this directory; answers the exit code. */
export async function runListenerProgram(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const variables = { ...environment, ...readEnvironmentFile(root) };
  const output = createOutput(root);
  const scenario = parseScenario(variables["RUNS_FLEET_FAKE_SCENARIO"]);
  if (scenario === undefined) {
    output.print(`RUNS_FLEET_FAKE_SCENARIO is none of: ${scenarioWords}`);
    return 1;
  }
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (scenario.hang || interruption.signal.aborted) return;
    output.print("Exiting...");
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);

  const jitConfig = environment["ACTIONS_RUNNER_INPUT_JITCONFIG"];
  const files = jitConfig === undefined ? undefined : decodeJitConfig(jitConfig);
  const url = files && serviceUrlOf(files);
  if (jitConfig === undefined || files === undefined || url === undefined) {
    output.print(
      jitConfig ? "The JIT configuration cannot be read" : "The runner is not configured",
    );
    return 1;
  }
  writeRegistration(root, files);
  const early = exitAtStart(root, scenario);
  if (early !== undefined) return early;
  if (scenario.deaf) return forEver();

  const version = variables["RUNS_FLEET_FAKE_VERSION"] ?? fakeVersion;
  const client = createServiceClient(url);
  const session = scenario.gone
    ? ({ exitCode: 1, reason: "registration-gone" } as const)
    : await openSession(client, jitConfig, version);
  if ("exitCode" in session) {
    output.print(`The runner could not register: ${session.reason}`);
    return session.exitCode;
  }
  output.print("√ Connected to GitHub");
  output.print("");
  output.print(`Current runner version: '${version}'`);
  output.printTimed("Listening for Jobs");
  if (scenario.idle) await Promise.race([forEver(), ended(interruption.signal)]);
  const listener = { root, variables, output, client, session, interrupted: interruption.signal };
  const code = scenario.idle ? 0 : await listen({ ...listener, scenario: withoutStart(scenario) });
  await persist(() => client.call("DELETE", session.path), 3);
  client.close();
  return code;
}

/** The scenario for what comes after the start. */
function withoutStart({ exitCode: _exitCode, ...scenario }: Scenario): Scenario {
  return scenario;
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
