import type { Source } from "./row.ts";

const reference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/";
const guide = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/";

function doc(title: string, url: string): Source {
  return { kind: "doc", title, url };
}

/** Pages and reports that rules of the fakes come from. */
export const sources = Object.freeze({
  runInstances: doc("EC2 API, RunInstances", `${reference}API_RunInstances.html`),
  createFleet: doc("EC2 API, CreateFleet", `${reference}API_CreateFleet.html`),
  fleetMinimum: doc(
    "EC2 API, OnDemandOptionsRequest",
    `${reference}API_OnDemandOptionsRequest.html`,
  ),
  fleetOverrides: doc(
    "EC2 API, FleetLaunchTemplateOverridesRequest",
    `${reference}API_FleetLaunchTemplateOverridesRequest.html`,
  ),
  fleetVersion: doc(
    "EC2 API, FleetLaunchTemplateSpecificationRequest; the code is inferred",
    `${reference}API_FleetLaunchTemplateSpecificationRequest.html`,
  ),
  spotOptions: doc("EC2 API, SpotOptionsRequest", `${reference}API_SpotOptionsRequest.html`),
  templateVersion: doc(
    "EC2 API, LaunchTemplateSpecification",
    `${reference}API_LaunchTemplateSpecification.html`,
  ),
  fleetReplay: doc(
    "EC2 guide, Ensuring idempotency",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
  ),
  startInstances: doc("EC2 API, StartInstances", `${reference}API_StartInstances.html`),
  stopInstances: doc("EC2 API, StopInstances", `${reference}API_StopInstances.html`),
  terminateInstances: doc("EC2 API, TerminateInstances", `${reference}API_TerminateInstances.html`),
  createTags: doc("EC2 API, CreateTags", `${reference}API_CreateTags.html`),
  tag: doc("EC2 API, Tag", `${reference}API_Tag.html`),
  describeInstances: doc("EC2 API, DescribeInstances", `${reference}API_DescribeInstances.html`),
  offerings: doc(
    "EC2 API, DescribeInstanceTypeOfferings",
    `${reference}API_DescribeInstanceTypeOfferings.html`,
  ),
  errors: doc("EC2 API, Error codes", `${reference}errors-overview.html`),
  states: doc("EC2 guide, Instance lifecycle", `${guide}ec2-instance-lifecycle.html`),
  stateReason: doc("EC2 API, StateReason", `${reference}API_StateReason.html`),
  throttling: doc(
    "EC2 guide, Request throttling",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html",
  ),
  consistency: doc(
    "EC2 guide, Eventual consistency",
    "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html",
  ),
  metadataTags: doc("EC2 guide, Tags in instance metadata", `${guide}work-with-tags-in-IMDS.html`),
  spotNotice: doc(
    "EC2 guide, Interruption notices",
    `${guide}spot-instance-termination-notices.html`,
  ),
  shutdown: doc(
    "EC2 guide, Shutdown behaviour",
    `${guide}Using_ChangingInstanceInitiatedShutdownBehavior.html`,
  ),
  quotas: doc("EC2 guide, Instance type quotas", `${guide}ec2-instance-quotas.html`),
  tokenMismatch: {
    kind: "report",
    title: "runs-on/runs-on#251",
    url: "https://github.com/runs-on/runs-on/issues/251",
  },
  fleetPools: {
    kind: "report",
    title: "Shatille/runs-fleet#316",
    url: "https://github.com/Shatille/runs-fleet/pull/316",
  },
  spotStop: {
    kind: "report",
    title: "Shatille/runs-fleet#366",
    url: "https://github.com/Shatille/runs-fleet/pull/366",
  },
  endedReplay: {
    kind: "report",
    title: "a token that answers a machine ended since (field notes E)",
  },
  bareListing: {
    kind: "report",
    title: "ansible#12642, boto3#4386 (field notes E)",
  },
  strategyRule: { kind: "house", title: "EC2 has a default; we always say it" },
  sqs: doc(
    "SQS guide, Message quotas",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
  ),
  sqsVisibility: doc(
    "SQS guide, Visibility timeout",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html",
  ),
  sqsReceive: doc(
    "SQS API, ReceiveMessage",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html",
  ),
  sqsDelete: doc(
    "SQS API, DeleteMessage",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html",
  ),
  sqsDeduplication: doc(
    "SQS guide, Deduplication id",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html",
  ),
  bodyRule: { kind: "house", title: "256 KiB, the limit of SQS until 2025; it takes 1 MiB since" },
  dynamodbConditions: doc(
    "DynamoDB guide, Condition expressions",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html",
  ),
  dynamodbErrors: doc(
    "DynamoDB guide, Error handling",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
  ),
  dynamodbTransactions: doc(
    "DynamoDB API, TransactWriteItems",
    "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html",
  ),
  dynamodbLimits: doc(
    "DynamoDB guide, Constraints",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html",
  ),
  dynamodbTtl: doc(
    "DynamoDB guide, Time to live",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
  ),
  shardRule: { kind: "house", title: "docs/decisions/0007-store-semantics.md" },
  githubRunners: doc(
    "GitHub REST API, Self-hosted runners",
    "https://docs.github.com/en/rest/actions/self-hosted-runners",
  ),
  githubJit: doc(
    "GitHub docs, Just-in-time runners",
    "https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners",
  ),
  githubGroups: doc(
    "GitHub docs, Access with groups",
    "https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners/manage-access",
  ),
  githubLimits: doc(
    "GitHub docs, Rate limits for the REST API",
    "https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api",
  ),
  githubTokens: doc(
    "GitHub docs, Installation access tokens",
    "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app",
  ),
  githubRuns: doc(
    "GitHub REST API, Workflow runs",
    "https://docs.github.com/en/rest/actions/workflow-runs",
  ),
  githubRange: {
    kind: "house",
    title:
      "GitHub finds nothing, or too much; the forms are those of its page on the search syntax, section Query for dates",
  },
  githubReaders: doc(
    "GitHub docs, Permissions of fine-grained tokens",
    "https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens",
  ),
  githubRepositories: doc(
    "GitHub REST API, Repositories",
    "https://docs.github.com/en/rest/repos/repos",
  ),
  githubWebhooks: doc(
    "GitHub docs, Webhooks",
    "https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks",
  ),
  githubSignature: doc(
    "GitHub docs, Validating deliveries",
    "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
  ),
  githubQueue: doc(
    "GitHub docs, Self-hosted runner limits",
    "https://docs.github.com/en/actions/reference/limits",
  ),
  githubRerun: doc(
    "GitHub docs, REST API, Re-run a job from a workflow run",
    "https://docs.github.com/en/rest/actions/workflow-runs",
  ),
  metadataSessions: doc(
    "EC2 guide, Use the Instance Metadata Service",
    `${guide}configuring-instance-metadata-service.html`,
  ),
  metadataIdentity: doc(
    "EC2 guide, Instance identity documents",
    `${guide}instance-identity-documents.html`,
  ),
  metadataTagsLate: { kind: "inferred", title: "tags are propagated" },
  metadataRoles: doc(
    "EC2 guide, Retrieve security credentials",
    `${guide}instance-metadata-security-credentials.html`,
  ),
  metadataClient: {
    kind: "code",
    title: "@aws-sdk/ec2-metadata-service, which asks for //latest",
  },
  runnerCode: {
    kind: "code",
    title: "actions/runner, and RUNNER-PROTOCOL.md beside the fake",
    url: "https://github.com/actions/runner",
  },
} as const satisfies Readonly<Record<string, Source>>);
