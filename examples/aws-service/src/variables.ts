/** All variables that the host reads, with what they mean: the source of `--help` and of `.env.example`. */
export const variables = {
  RUNS_FLEET_ENVIRONMENT: "Environment that is served, as the catalog names it: ci, staging, …",
  RUNS_FLEET_CATALOG:
    "Catalog: a JSON file, or s3://bucket/key. Read again with every reconciliation. Or, instead of it:",
  RUNS_FLEET_CONFIG_REPOSITORY:
    "The repository (owner/name) whose runs-fleet.yml is watched: .github-private, usually.",
  RUNS_FLEET_CONFIG_PATH: "The file in it. Default .github/runs-fleet.yml",
  RUNS_FLEET_WEBHOOK_SECRET: "Secret of the GitHub webhook.",
  RUNS_FLEET_WEBHOOK_SECRET_OLD: "The secret before it, while it is being replaced.",
  RUNS_FLEET_GITHUB_APP_ID: "Id of the GitHub App.",
  RUNS_FLEET_GITHUB_PRIVATE_KEY:
    "Private key of the App (PEM; \\n may stand for line breaks). Or its file:",
  RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE: "File with the private key.",
  RUNS_FLEET_GITHUB_URL: "Base of GitHub's API. Default https://api.github.com",
  AWS_REGION: "Region of the machines, tables and queues.",
  RUNS_FLEET_ACCOUNT_ID: "The AWS account, 12 digits.",
  RUNS_FLEET_SUBNET_IDS: "Where machines are launched: subnet-…, comma-separated.",
  RUNS_FLEET_MACHINE_ROLE_IDS: "Unique ids of the machines' roles, AROA…, comma-separated.",
  RUNS_FLEET_LAUNCH_TEMPLATES:
    "linux-arm64=lt-…,linux-x64=name:3. Default: those of the stack, for Linux on both architectures.",
  RUNS_FLEET_TAGS: "Tags of all machines, for cost reports: team=ci,cost-centre=42. Default: none.",
  RUNS_FLEET_TABLE_PREFIX: "Begins the names of the tables. Default runs-fleet-<environment>-",
  RUNS_FLEET_DEMAND_QUEUE_URL: "Queue of jobs. Default: the stack's, in that account and region.",
  RUNS_FLEET_REPORTS_QUEUE_URL: "Queue of machines' reports. Default: likewise.",
  RUNS_FLEET_NOTICES_QUEUE_URL: "Queue of EC2's notices. Default: likewise.",
  RUNS_FLEET_MINTS_PER_MINUTE: "Runner registrations a minute that GitHub grants. Default 160.",
  RUNS_FLEET_TIMINGS: "JSON of controller timings in milliseconds that differ from the defaults.",
  HOST: "Where webhooks are taken. Default 0.0.0.0",
  PORT: "Port of the webhooks, /healthz and /readyz. Default 8080; 0 takes a free one.",
  STATUS_HOST: "Where the pages and /status are shown, to whoever reaches it. Default 127.0.0.1",
  STATUS_PORT: "Their port. Default 8081; 0 takes a free one.",
  RUNS_FLEET_NOTICE_SECONDS:
    "How long /readyz fails before the listener closes, for the load balancer. Default 0.",
} as const;

/** A variable of the host. */
export type Variable = keyof typeof variables;
