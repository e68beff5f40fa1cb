import { runnerPrefix } from "../../fleet/carry-out.ts";
import { createGitHubClient } from "../../github/index.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import { runSimulatedRunner } from "../machines/simulated-runner.ts";
import { createDice, createStream } from "./dice.ts";
import type { FaultOf } from "./faults.ts";
import type { Stage } from "./stage.ts";
import type { JobFact } from "./truth.ts";

/** Webhooks when nothing is wrong with them. */
export const soundWebhooks = { delayMs: 120 } as const;

const organisation = "orgs/acme";

/** GitHub as people and their tools reach it. */
export function clientOf(
  id: string,
  { seed, clock, truth, fetch }: Pick<Stage, "seed" | "clock" | "truth" | "fetch">,
): GitHubClient {
  const { app } = truth.github;
  return createGitHubClient({
    appId: app.id,
    privateKey: app.privateKey,
    baseUrl: "https://github.fake",
    fetch,
    clock,
    entropy: createStream(seed, `client of ${id}`),
  });
}

/** Webhooks go wrong until the end of the fault. */
export async function troubleWebhooks(fault: FaultOf<"webhooks">, stage: Stage): Promise<void> {
  const { clock, trouble, truth } = stage;
  const apply = (next: FaultOf<"webhooks"> | undefined): void =>
    truth.github.webhooks.faults(
      next === undefined
        ? soundWebhooks
        : { ...next, delayMs: next.delayMs + soundWebhooks.delayMs },
    );
  apply(fault);
  await clock.sleep(fault.forMs);
  apply(
    trouble
      .active("webhooks")
      .filter(({ id }) => id !== fault.id)
      .at(-1),
  );
}

/** Parts of GitHub are down until the end of the fault. */
export async function takeDown(fault: FaultOf<"github-down">, stage: Stage): Promise<void> {
  const { clock, trouble, truth } = stage;
  truth.github.setOutage(fault);
  await clock.sleep(fault.forMs);
  if (fault.runners) truth.runnersDownAtMs = clock.now();
  const others = trouble.active("github-down").filter(({ id }) => id !== fault.id);
  truth.github.setOutage(others.at(-1));
}

/** Registers somebody else's runner that may take any job with the label. */
export async function steal(fault: FaultOf<"thief">, stage: Stage): Promise<void> {
  const { clock, truth, trace, labels } = stage;
  const name = `stranger-${fault.id}`;
  const wanted = labels[fault.label % labels.length];
  if (wanted === undefined) return;
  truth.strangers.add(name);
  try {
    const { jitConfig } = await clientOf(fault.id, stage).runners.mint(organisation, {
      name,
      labels: [wanted],
      groupId: 1,
    });
    const result = await runSimulatedRunner({
      jitConfig,
      fetch: stage.fetch,
      clock,
      signal: new AbortController().signal,
      news: { registered: async () => undefined, jobStarted: async () => undefined },
    });
    trace.add("stranger", `${name} with ${wanted}: ${result}`);
  } catch {
    trace.add("stranger", `${name} could not come`);
  }
}

function pickSome<T>(items: readonly T[], count: number, fault: { id: string }, stage: Stage): T[] {
  const dice = createDice(createStream(stage.seed, `choice of ${fault.id}`));
  const left = [...items];
  const picked: T[] = [];
  while (picked.length < count && left.length > 0)
    picked.push(...left.splice(dice.whole(0, left.length - 1), 1));
  return picked;
}

/** People cancel jobs that have not ended. */
export function cancelJobs(fault: FaultOf<"jobs-cancelled">, stage: Stage): void {
  const { clock, truth, trace } = stage;
  for (const id of pickSome([...truth.openJobs], fault.count, fault, stage)) {
    const job = truth.jobs.get(id);
    if (job) job.cancelledAtMs = clock.now();
    trace.add("people", `cancel job ${id}`);
    truth.github.cancelJob(id);
  }
}

/** The youngest of the jobs that ended are what people run again. */
const rerunAmong = 60;

/** People run jobs again. */
export async function rerunJobs(fault: FaultOf<"jobs-rerun">, stage: Stage): Promise<void> {
  const { truth, trace } = stage;
  const client = clientOf(fault.id, stage);
  const ended = [...truth.jobs.values()]
    .filter(({ completedAtMs, arrival }) => completedAtMs !== undefined && !arrival?.isWrong)
    .slice(-rerunAmong);
  for (const job of pickSome(ended, fault.count, fault, stage)) {
    await rerun(job, client, stage).catch(() => {
      trace.add("people", `cannot run job ${job.id} again`);
    });
  }
}

async function rerun(job: JobFact, client: GitHubClient, { truth, trace }: Stage): Promise<void> {
  const { repository } = job.arrival ?? {};
  if (repository === undefined) return;
  truth.askedByPeople.add(job.originId ?? job.id);
  const answer = await client.jobs.rerun(repository, job.id);
  trace.add("people", `run job ${job.id} again: ${answer}`);
}

/** Registrations live for moments before they have a job: the fault lies in wait for them. */
export async function removeRunners(
  fault: FaultOf<"runners-removed">,
  stage: Stage,
): Promise<void> {
  const { seed, clock, truth, trace } = stage;
  const dice = createDice(createStream(seed, `removals of ${fault.id}`));
  const client = clientOf(fault.id, stage);
  const prefix = runnerPrefix(truth.shard);
  let left = fault.count;
  const remove = async (id: string, name: string, afterMs: number): Promise<void> => {
    await clock.sleep(afterMs);
    const answer = await client.runners.remove(organisation, id).catch(() => "out of reach");
    trace.add("people", `remove runner ${name}: ${answer}`);
  };
  const forget = truth.github.onEvent((event) => {
    if (event.kind !== "runner-registered" || !event.runnerName.startsWith(prefix)) return;
    if (left <= 0 || dice.chance(0.5)) return;
    left -= 1;
    void remove(event.runnerId, event.runnerName, dice.whole(0, 3_000));
  });
  await clock.sleep(fault.forMs);
  forget();
}
