import { isoOf } from "../github/iso.ts";
import { createDice, createStream } from "./dice.ts";
import type { FaultOf } from "./faults.ts";
import type { Stage } from "./stage.ts";

/** Ids that the fake GitHub never gives. */
const firstOddId = 8_000_000_000;
const pauseMs = 700;

interface OddJob {
  readonly id: number;
  readonly action: string;
  readonly repository: string;
  readonly labels: readonly string[];
  readonly runner?: string;
}

function bodyOf(job: OddJob, nowMs: number): object {
  return {
    action: job.action,
    workflow_job: {
      id: job.id,
      run_id: job.id + 1,
      run_attempt: 1,
      head_sha: `${"c0ffee".repeat(6)}beef`,
      status: job.action,
      conclusion: job.action === "completed" ? "success" : null,
      created_at: isoOf(nowMs),
      started_at: isoOf(nowMs),
      completed_at: job.action === "completed" ? isoOf(nowMs) : null,
      labels: job.labels,
      runner_id: job.runner === undefined ? null : 77,
      runner_name: job.runner ?? null,
    },
    repository: {
      id: firstOddId,
      full_name: job.repository,
      fork: false,
      private: true,
      visibility: "private",
    },
    installation: { id: 1 },
  };
}

function idsOf(fault: { readonly id: string; readonly atMs: number }): number {
  return firstOddId + fault.atMs;
}

/** Posts webhooks that GitHub never signed: none of them may get in. */
export async function forgeWebhooks(fault: FaultOf<"webhooks-forged">, stage: Stage) {
  const { seed, clock, processes, trace, judge, labels } = stage;
  const dice = createDice(createStream(seed, `forgeries of ${fault.id}`));
  const entropy = createStream(seed, `deliveries of ${fault.id}`);
  for (let index = 0; index < fault.count; index += 1) {
    const label = labels[index % labels.length] ?? "runs-fleet/cpu=2";
    const job = {
      id: idsOf(fault) + index,
      action: "queued",
      repository: "acme/app",
      labels: [label],
    };
    const signature = dice.pick([undefined, "", "sha256=", `sha256=${"0".repeat(64)}`, "sha1=00"]);
    const request = new Request("https://fleet.example/webhooks/github", {
      method: "POST",
      body: JSON.stringify(bodyOf(job, clock.now())),
      headers: {
        "content-type": "application/json",
        "x-github-delivery": entropy.uuid(),
        "x-github-event": "workflow_job",
        ...(signature === undefined ? {} : { "x-hub-signature-256": signature }),
      },
    });
    const status = await processes.handleWebhook(request).then(
      (response) => response.status,
      () => 0,
    );
    trace.add("forger", `posts job ${job.id}: ${status}`);
    judge.check(
      "isolated",
      `forged ${job.id}`,
      status >= 200 && status < 400
        ? `a webhook that GitHub never signed was answered ${status}`
        : undefined,
    );
    await clock.sleep(pauseMs);
  }
}

/** GitHub sends what has nothing to do with us, properly signed. */
export async function sendOdd(fault: FaultOf<"webhooks-odd">, stage: Stage): Promise<void> {
  const { seed, clock, truth, trace, labels } = stage;
  const dice = createDice(createStream(seed, `oddities of ${fault.id}`));
  const { webhooks } = truth.github;
  const own = labels[0] ?? "runs-fleet/cpu=2";
  for (let index = 0; index < fault.count; index += 1) {
    const id = idsOf(fault) + index;
    const ours = { id, repository: "acme/app", labels: [own] };
    const odd: readonly [readonly [string, object], ...(readonly [string, object])[]] = [
      ["workflow_job", bodyOf({ ...ours, action: "frobnicated" }, clock.now())],
      [
        "workflow_job",
        bodyOf({ ...ours, action: "queued", labels: ["ubuntu-latest"] }, clock.now()),
      ],
      [
        "workflow_job",
        bodyOf({ ...ours, action: "queued", labels: ["self-hosted", "linux"] }, clock.now()),
      ],
      ["workflow_job", bodyOf({ ...ours, action: "queued", labels: [] }, clock.now())],
      ["workflow_job", bodyOf({ ...ours, action: "in_progress", runner: "somebody" }, clock.now())],
      ["workflow_job", bodyOf({ ...ours, action: "completed", runner: "somebody" }, clock.now())],
      ["workflow_job", bodyOf({ ...ours, action: "waiting" }, clock.now())],
      [
        "workflow_job",
        bodyOf({ ...ours, action: "queued", repository: "others/app" }, clock.now()),
      ],
      ["workflow_job", { action: "queued" }],
      ["check_suite", { action: "completed", check_suite: { id } }],
      ["installation", { action: "suspend", installation: { id: 1 } }],
      ["ping", { zen: "Keep it logically awesome.", hook_id: 1 }],
    ];
    const [event, body] = dice.pick(odd);
    trace.add("github", `sends an odd ${event} (${JSON.stringify(body).slice(0, 120)})`);
    webhooks.send(event, body);
    await clock.sleep(pauseMs);
  }
}

/** Announces jobs whose runs are deleted before anybody can look at them. */
export async function announceVanished(fault: FaultOf<"jobs-vanished">, stage: Stage) {
  const { clock, truth, trace, labels } = stage;
  for (let index = 0; index < fault.count; index += 1) {
    const id = idsOf(fault) + index;
    const label = labels[(fault.atMs + index) % labels.length] ?? "runs-fleet/cpu=2";
    trace.add("github", `announces job ${id} with ${label}, and forgets it`);
    const job = { id, action: "queued", repository: "acme/app", labels: [label] };
    truth.github.webhooks.send("workflow_job", bodyOf(job, clock.now()));
    await clock.sleep(pauseMs);
  }
}
