import {
  CreateFleetCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Market } from "@runs-fleet/core";
import { fleetRequest, runRequest } from "../../ec2/launch/purchase.ts";
import { ec2TagKeys } from "../../ec2/tag-rules.ts";
import { type DoctorContext, known } from "../context.ts";
import { askDryRun, type DryRun } from "../purchase/dry-run.ts";
import { doctorAttempt, planPurchase } from "../purchase/plan.ts";
import type { DoctorRow, RowAnswer } from "../row.ts";
import { stackOf } from "../stack-of.ts";
import { isRole } from "./identity.ts";

const everybody = "an emulator allows everybody everything";
const launchWhy =
  "EC2 asks for every resource of a launch, tags included; one that is missing fails every launch (EC2 API, DryRun)";

/** Whether a fleet would be allowed. */
export const fleetDryRunRow: DoctorRow = {
  id: "dry-run-fleet",
  question: "Would EC2 let this caller launch a fleet, with the real tags?",
  why: launchWhy,
  onlyOnAws: everybody,
  after: ["addresses"],
  unless: ["templates", "tags"],
  async run(context) {
    const { ec2 } = context.clients;
    const asked = await eachLaunch(context, async (market, shape) => {
      const attempt = doctorAttempt(context, context.entropy.uuid(), shape, market);
      const request = fleetRequest(await planPurchase(context, attempt));
      return askDryRun(() => ec2.send(new CreateFleetCommand({ ...request, DryRun: true })));
    });
    return launchAnswer("CreateFleet", asked);
  },
};

/** Whether a launch in a zone would be allowed. */
export const runDryRunRow: DoctorRow = {
  id: "dry-run-run",
  question: "Would EC2 let this caller launch in each subnet, with the real tags?",
  why: launchWhy,
  onlyOnAws: everybody,
  after: ["addresses"],
  unless: ["templates", "tags"],
  async run(context) {
    const { clients, facts, options } = context;
    const { subnets } = known(facts.subnets, "the subnets");
    const [{ shape, text } = { shape: undefined, text: "" }] = options.shapes;
    if (shape === undefined) return { verdict: "skipped", detail: "because no shape is named" };
    const asked: AskedLaunch[] = [];
    const attempt = doctorAttempt(context, context.entropy.uuid(), shape, "on-demand");
    const { offerings, ...rest } = await planPurchase(context, attempt);
    for (const { id, zone } of subnets) {
      const own = offerings.find((offering) => offering.subnet.zone === zone);
      if (own === undefined) continue;
      const offering = { ...own, subnet: { id, zone } };
      const request = runRequest({ ...rest, offerings: [offering] });
      const answer = await askDryRun(() =>
        clients.ec2.send(new RunInstancesCommand({ ...request, DryRun: true })),
      );
      asked.push({ what: `${text} in ${id}`, answer });
    }
    return launchAnswer("RunInstances", asked);
  },
};

/** Whether machines without the environment's tag are refused. */
export const untaggedRow: DoctorRow = {
  id: "untagged-denied",
  question: "Is the orchestrator denied a launch without the environment's tag?",
  why: "An untagged machine would be in no listing, and nobody would end it",
  onlyOnAws: everybody,
  after: ["dry-run-run"],
  async run(context) {
    const { clients, options, entropy } = context;
    const [first] = options.shapes;
    if (first === undefined) return { verdict: "skipped", detail: "because no shape is named" };
    const attempt = doctorAttempt(context, entropy.uuid(), first.shape, "on-demand");
    const request = runRequest(await planPurchase(context, attempt));
    const TagSpecifications = request.TagSpecifications?.map(({ Tags = [], ...rest }) => ({
      ...rest,
      Tags: Tags.filter(({ Key }) => Key !== ec2TagKeys.environment),
    })).filter(({ Tags }) => Tags.length > 0);
    const answer = await askDryRun(() =>
      clients.ec2.send(new RunInstancesCommand({ ...request, TagSpecifications, DryRun: true })),
    );
    return deniedAnswer(context, answer, "a launch without the tag");
  },
};

/** Whether machines of others are safe. */
export const foreignMachineRow: DoctorRow = {
  id: "foreign-denied",
  question: "Is the orchestrator denied the end of a machine that is not of this environment?",
  why: "A mistake of the orchestrator must not end machines of others; only a question is sent, with DryRun",
  onlyOnAws: everybody,
  after: ["identity"],
  async run(context) {
    const { clients, options } = context;
    const { Reservations = [] } = await clients.ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: "instance-state-name", Values: ["running", "stopped"] }],
        MaxResults: 100,
      }),
    );
    const foreign = Reservations.flatMap(({ Instances = [] }) => Instances).find(
      ({ Tags = [] }) =>
        !Tags.some(
          ({ Key, Value }) => Key === ec2TagKeys.environment && Value === options.environment,
        ),
    );
    if (foreign?.InstanceId === undefined) {
      return {
        verdict: "unproven",
        detail: "there is no machine of anybody else to ask about",
        advice: "run the doctor where there is one, such as the host of the orchestrator",
      };
    }
    const InstanceIds = [foreign.InstanceId];
    const answer = await askDryRun(() =>
      clients.ec2.send(new TerminateInstancesCommand({ InstanceIds, DryRun: true })),
    );
    return deniedAnswer(context, answer, `the end of ${foreign.InstanceId}`);
  },
};

interface AskedLaunch {
  readonly what: string;
  readonly answer: DryRun;
}

async function eachLaunch(
  { options }: DoctorContext,
  ask: (
    market: Market,
    shape: DoctorContext["options"]["shapes"][number]["shape"],
  ) => Promise<DryRun>,
): Promise<readonly AskedLaunch[]> {
  const asked: AskedLaunch[] = [];
  for (const { text, shape } of options.shapes) {
    const markets: readonly Market[] = shape.spot === false ? ["on-demand"] : ["spot", "on-demand"];
    for (const market of markets) {
      asked.push({ what: `${text} ${market}`, answer: await ask(market, shape) });
    }
  }
  return asked;
}

/** What dry runs of launches come to. */
export function launchAnswer(action: string, asked: readonly AskedLaunch[]): RowAnswer {
  const evidence = Object.fromEntries(
    asked.map(({ what, answer }) => [what, "code" in answer ? answer.code : answer.outcome]),
  );
  const denied = asked.filter(({ answer }) => answer.outcome === "denied");
  if (denied.length > 0) {
    return {
      verdict: "disproven",
      detail: `EC2 denies ${action} (UnauthorizedOperation) for ${denied.map(({ what }) => what).join(", ")}`,
      evidence,
      advice: `allow ${[...new Set([action, "RunInstances", "CreateTags"])].map((own) => `ec2:${own}`).join(", ")} and iam:PassRole as the stack's policy does; aws sts decode-authorization-message tells which of them it was`,
    };
  }
  const refused = asked.find(({ answer }) => answer.outcome === "refused");
  if (refused !== undefined && refused.answer.outcome === "refused") {
    const { code, message, advice } = refused.answer;
    const detail = `EC2 refuses ${action} for ${refused.what}: ${code}, ${message.slice(0, 200)}`;
    return { verdict: "disproven", detail, evidence, advice };
  }
  if (asked.length === 0) {
    return { verdict: "unproven", detail: "nothing that fits is sold where the subnets are" };
  }
  return {
    verdict: "proven",
    detail: `${action} would be allowed, ${asked.length} ways`,
    evidence,
  };
}

/** What it comes to that somebody would be denied something, or not. */
function deniedAnswer(context: DoctorContext, answer: DryRun, what: string): RowAnswer {
  const { arn } = known(context.facts.identity, "the caller");
  const role = stackOf(context).names.orchestrator;
  const isOrchestrator = isRole(arn, role);
  const evidence = { outcome: "code" in answer ? answer.code : answer.outcome };
  if (answer.outcome === "denied") {
    return { verdict: "proven", detail: `EC2 denies ${what} (UnauthorizedOperation)`, evidence };
  }
  if (answer.outcome === "refused") {
    const detail = `EC2 refuses ${what} for another reason: ${answer.code}`;
    return { verdict: "unproven", detail, evidence };
  }
  if (!isOrchestrator) {
    return {
      verdict: "unproven",
      detail: `EC2 would allow ${what}, to a caller who is not the orchestrator`,
      evidence,
      advice: `run the doctor as ${role}, such as in its task`,
    };
  }
  return {
    verdict: "disproven",
    detail: `EC2 would allow the orchestrator ${what}`,
    evidence,
    advice: "its policies are wider than the stack's: see the row orchestrator-policy",
  };
}
