import type { StackOutputs, StackStep } from "../../stack/apply/index.ts";
import type { Stack } from "../../stack/index.ts";

const marks: Readonly<Record<StackStep["state"], string>> = {
  absent: "missing",
  present: "there   ",
  different: "DIFFERS ",
};

/** One line for each thing, and one for each difference. */
export function stepLines(steps: readonly StackStep[]): string {
  return steps
    .flatMap(({ kind, name, state, differences, unseen }) => [
      `${marks[state]} ${kind} ${name}${unseen === undefined ? "" : ` (${unseen})`}`,
      ...differences.map(
        ({ what, is, wanted }) => `           ${what}: is ${is}, should be ${wanted}`,
      ),
      ...(state === "different" ? [`           ${remedyOf(kind, name)}`] : []),
    ])
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** How to change what `stack apply` does not change. */
function remedyOf(kind: string, name: string): string {
  const remedy = remedies[kind] ?? "aws s3api put-bucket-... for that setting of";
  return `change it by CloudFormation, or: ${remedy} ${name}`;
}

const remedies: Readonly<Record<string, string>> = {
  table: "keys and indexes cannot be changed: end the fleet, export what is worth it, and delete",
  "time to live": "aws dynamodb update-time-to-live --table-name",
  "no point-in-time recovery": "aws dynamodb update-continuous-backups --table-name",
  queue: "aws sqs set-queue-attributes, for",
  "dead-letter queue": "aws sqs set-queue-attributes, for",
  policy: "aws iam create-policy-version --set-as-default, for",
  role: "aws iam update-assume-role-policy --role-name",
  "role's policies": "aws iam detach-role-policy --role-name",
  "instance profile": "aws iam remove-role-from-instance-profile --instance-profile-name",
  "security group": "aws ec2 revoke-security-group-ingress, for",
  "launch template":
    "aws ec2 create-launch-template-version and modify-launch-template --default-version, for",
  rule: "aws events put-rule and put-targets, for",
  bucket: "aws s3api, for",
};

/** How many are how. */
export function countLine(steps: readonly StackStep[]): string {
  const count = (state: StackStep["state"]) => steps.filter((step) => step.state === state).length;
  return `${count("present")} there, ${count("absent")} missing, ${count("different")} different\n`;
}

/** What a host has to know, as its environment. */
export function variableLines(stack: Stack, outputs: StackOutputs): string {
  const { environment, place } = stack;
  const { machineRoleId, queueUrls, launchTemplates } = outputs;
  const templates = Object.entries(launchTemplates).map(([key, id]) => `${key}=${id}`);
  const variables: Readonly<Record<string, string | undefined>> = {
    RUNS_FLEET_ENVIRONMENT: environment,
    AWS_REGION: place.region,
    RUNS_FLEET_ACCOUNT_ID: place.accountId,
    RUNS_FLEET_MACHINE_ROLE_IDS: machineRoleId,
    RUNS_FLEET_LAUNCH_TEMPLATES: templates.length === 0 ? undefined : templates.join(","),
    RUNS_FLEET_DEMAND_QUEUE_URL: queueUrls.demand,
    RUNS_FLEET_REPORTS_QUEUE_URL: queueUrls.reports,
    RUNS_FLEET_NOTICES_QUEUE_URL: queueUrls.notices,
  };
  return Object.entries(variables)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
