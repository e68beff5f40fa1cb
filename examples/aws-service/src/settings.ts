import { readFileSync } from "node:fs";
import { placeOf, type StackQueueKind, stackNames } from "@runs-fleet/aws/stack";
import * as v from "valibot";
import type { Variable } from "./variables.ts";

/** What a process does: takes webhooks, controls the fleet, or both. */
export type Role = "intake" | "controller" | "both";

/** What every role needs. */
export interface CommonSettings {
  readonly environment: string;
  readonly region: string;
  readonly accountId: string;
  /** Where the configuration comes from: a catalog's place, or a file in a repository. */
  readonly configuration:
    | { readonly catalog: string }
    | { readonly repository: string; readonly path: string };
  readonly tablePrefix: string;
  readonly demandQueueUrl: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly noticeMs: number;
}

/** What taking webhooks needs. */
export interface IntakeSettings extends CommonSettings {
  readonly webhookSecrets: readonly [string, ...string[]];
}

/** What controlling needs. */
export interface ControllerSettings extends CommonSettings {
  readonly reportsQueueUrl: string;
  readonly noticesQueueUrl: string;
  readonly assignmentKeyPrefix: string;
  readonly github: {
    readonly appId: string;
    readonly privateKey: string;
    readonly baseUrl: string;
  };
  readonly subnetIds: readonly string[];
  readonly machineRoleIds: readonly string[];
  readonly launchTemplates: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly mintsPerMinute: number;
  readonly timings: Readonly<Record<string, number>>;
  readonly status: { readonly host: string; readonly port: number };
}

/** What one process goes by. A role that is not played has no settings. */
export interface Settings {
  readonly role: Role;
  readonly common: CommonSettings;
  readonly intake?: IntakeSettings;
  readonly controller?: ControllerSettings;
}

/** The environment is wrong: one line per variable, for the person who set it. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const needed = "is needed";
const text = (...checks: readonly v.GenericValidation<string>[]) =>
  v.pipe(v.string(needed), ...checks);
const matching = (form: RegExp, words: string) => text(v.regex(form, words));
const host = v.pipe(v.string(), v.regex(/^[\w.:-]+$/, "must be an address or a host name"));
const url = v.pipe(v.string(), v.url("must be a URL"));

const integer = (fallback: string, least: number, most: number) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.regex(/^\d+$/, "must be a whole number"),
    v.transform(Number),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

const itemsOf = (value: string): string[] =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const list = (form: RegExp, words: string) =>
  v.pipe(
    v.string(needed),
    v.transform(itemsOf),
    v.minLength(1, needed),
    v.array(v.pipe(v.string(), v.regex(form, words))),
  );

/** `a=1,b=2`; the part before the first `=` is the key. */
const pairs = v.pipe(
  v.string(),
  v.transform(itemsOf),
  v.array(v.pipe(v.string(), v.regex(/^[^=]+=/, "must be key=value, comma-separated"))),
  v.transform((items) =>
    Object.fromEntries(
      items.map((item) => [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)]),
    ),
  ),
);

const timings = v.pipe(
  v.optional(v.string(), "{}"),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return JSON.parse(dataset.value) as unknown;
    } catch {
      addIssue({ message: "must be JSON" });
      return NEVER;
    }
  }),
  v.record(v.string(), v.number("must hold numbers of milliseconds"), "must be a JSON object"),
);

const commonEntries = {
  RUNS_FLEET_ENVIRONMENT: matching(
    /^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/,
    "must be a name in lower case, such as ci: letters, digits and dashes, at most 24",
  ),
  RUNS_FLEET_CATALOG: v.optional(text(v.minLength(1, needed))),
  RUNS_FLEET_CONFIG_REPOSITORY: v.optional(matching(/^[\w.-]+\/[\w.-]+$/, "must be owner/name")),
  RUNS_FLEET_CONFIG_PATH: v.optional(
    matching(/^(?!\/)[^\0]{1,200}$/, "must be a path in the repository"),
    ".github/runs-fleet.yml",
  ),
  AWS_REGION: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region, such as eu-west-1"),
  RUNS_FLEET_ACCOUNT_ID: matching(/^\d{12}$/, "must be 12 digits"),
  RUNS_FLEET_TABLE_PREFIX: v.optional(matching(/^[\w.-]+$/, "must begin names of tables")),
  RUNS_FLEET_DEMAND_QUEUE_URL: v.optional(url),
  HOST: v.optional(host, "0.0.0.0"),
  PORT: integer("8080", 0, 65_535),
  RUNS_FLEET_NOTICE_SECONDS: integer("0", 0, 600),
} satisfies Partial<Record<Variable, v.GenericSchema>>;

const secret = v.pipe(v.string(needed), v.minLength(8, "needs 8 characters or more"));

const intakeEntries = {
  RUNS_FLEET_WEBHOOK_SECRET: secret,
  RUNS_FLEET_WEBHOOK_SECRET_OLD: v.optional(secret),
} satisfies Partial<Record<Variable, v.GenericSchema>>;

const controllerEntries = {
  RUNS_FLEET_REPORTS_QUEUE_URL: v.optional(url),
  RUNS_FLEET_NOTICES_QUEUE_URL: v.optional(url),
  RUNS_FLEET_GITHUB_APP_ID: matching(/^[\w.-]+$/, "must be an App id"),
  RUNS_FLEET_GITHUB_URL: v.optional(url, "https://api.github.com"),
  RUNS_FLEET_SUBNET_IDS: list(/^subnet-[0-9a-z-]+$/, "must be subnet-…, comma-separated"),
  RUNS_FLEET_MACHINE_ROLE_IDS: list(/^AROA\w+$/, "must be unique ids of roles, AROA…"),
  RUNS_FLEET_LAUNCH_TEMPLATES: v.optional(pairs),
  RUNS_FLEET_TAGS: v.optional(pairs, ""),
  RUNS_FLEET_MINTS_PER_MINUTE: integer("160", 1, 1_000_000),
  RUNS_FLEET_TIMINGS: timings,
  STATUS_HOST: v.optional(host, "127.0.0.1"),
  STATUS_PORT: integer("8081", 0, 65_535),
} satisfies Partial<Record<Variable, v.GenericSchema>>;

const commonSchema = v.object(commonEntries);
const intakeSchema = v.object(intakeEntries);
const controllerSchema = v.object(controllerEntries);

/**
 * Reads the environment for a role; answers all problems at once, each with the variable's name. An empty variable counts as
 * unset.
 */
export function readSettings(
  role: Role,
  environment: Readonly<Record<string, string | undefined>>,
): SettingsResult {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const problems: string[] = [];
  const parse = <T extends v.GenericSchema>(schema: T): v.InferOutput<T> | undefined => {
    const result = v.safeParse(schema, given);
    if (result.success) return result.output;
    for (const { path, message } of result.issues) {
      const name = String(path?.[0]?.key ?? "environment");
      // A key that is missing is told of by valibot in its own words.
      problems.push(`${name} ${name in given ? message : needed}`);
    }
    return undefined;
  };
  const sources = ["RUNS_FLEET_CATALOG", "RUNS_FLEET_CONFIG_REPOSITORY"];
  if (sources.filter((name) => given[name] !== undefined).length !== 1) {
    problems.push(`${sources.join(" or ")} is needed, and only one of them`);
  }
  const common = parse(commonSchema);
  const intake = role === "controller" ? undefined : parse(intakeSchema);
  const controller = role === "intake" ? undefined : parse(controllerSchema);
  const key = role === "intake" ? undefined : privateKeyOf(given);
  if (key !== undefined && "problem" in key) problems.push(key.problem);
  const privateKey = key !== undefined && "privateKey" in key ? key.privateKey : undefined;
  const configuration = common && configurationOf(common);
  if (common === undefined || configuration === undefined || problems.length > 0)
    return { ok: false, problems };

  const place = placeOf(common.AWS_REGION, common.RUNS_FLEET_ACCOUNT_ID);
  const names = stackNames(common.RUNS_FLEET_ENVIRONMENT, place);
  const queueUrl = (kind: StackQueueKind): string =>
    `https://sqs.${place.region}.${place.urlSuffix}/${place.accountId}/${names.queues[kind]}`;
  const all: CommonSettings = {
    environment: common.RUNS_FLEET_ENVIRONMENT,
    region: common.AWS_REGION,
    accountId: common.RUNS_FLEET_ACCOUNT_ID,
    configuration,
    tablePrefix: common.RUNS_FLEET_TABLE_PREFIX ?? names.tablePrefix,
    demandQueueUrl: common.RUNS_FLEET_DEMAND_QUEUE_URL ?? queueUrl("demand"),
    http: { host: common.HOST, port: common.PORT },
    noticeMs: common.RUNS_FLEET_NOTICE_SECONDS * 1_000,
  };
  return {
    ok: true,
    settings: {
      role,
      common: all,
      ...(intake === undefined ? {} : { intake: { ...all, webhookSecrets: secretsOf(intake) } }),
      ...(controller === undefined || privateKey === undefined
        ? {}
        : {
            controller: {
              ...all,
              reportsQueueUrl: controller.RUNS_FLEET_REPORTS_QUEUE_URL ?? queueUrl("reports"),
              noticesQueueUrl: controller.RUNS_FLEET_NOTICES_QUEUE_URL ?? queueUrl("notices"),
              assignmentKeyPrefix: names.instanceArnPrefix,
              github: {
                appId: controller.RUNS_FLEET_GITHUB_APP_ID,
                privateKey,
                baseUrl: controller.RUNS_FLEET_GITHUB_URL,
              },
              subnetIds: controller.RUNS_FLEET_SUBNET_IDS,
              machineRoleIds: controller.RUNS_FLEET_MACHINE_ROLE_IDS,
              launchTemplates: controller.RUNS_FLEET_LAUNCH_TEMPLATES ?? {
                "linux-arm64": `${names.prefix}linux-arm64`,
                "linux-x64": `${names.prefix}linux-x64`,
              },
              tags: controller.RUNS_FLEET_TAGS,
              mintsPerMinute: controller.RUNS_FLEET_MINTS_PER_MINUTE,
              timings: controller.RUNS_FLEET_TIMINGS,
              status: { host: controller.STATUS_HOST, port: controller.STATUS_PORT },
            },
          }),
    },
  };
}

/** `undefined`: neither is named. */
function configurationOf(
  common: v.InferOutput<typeof commonSchema>,
): CommonSettings["configuration"] | undefined {
  const { RUNS_FLEET_CATALOG: catalog, RUNS_FLEET_CONFIG_REPOSITORY: repository } = common;
  if (catalog !== undefined) return { catalog };
  return repository === undefined ? undefined : { repository, path: common.RUNS_FLEET_CONFIG_PATH };
}

function secretsOf(intake: v.InferOutput<typeof intakeSchema>): readonly [string, ...string[]] {
  const { RUNS_FLEET_WEBHOOK_SECRET: current, RUNS_FLEET_WEBHOOK_SECRET_OLD: old } = intake;
  return old === undefined ? [current] : [current, old];
}

function privateKeyOf(
  values: Readonly<Record<string, string | undefined>>,
): { readonly privateKey: string } | { readonly problem: string } {
  const key = values["RUNS_FLEET_GITHUB_PRIVATE_KEY"];
  const file = values["RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE"];
  if (key !== undefined) return { privateKey: key.replaceAll("\\n", "\n") };
  if (file === undefined) {
    return {
      problem: "RUNS_FLEET_GITHUB_PRIVATE_KEY or RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE is needed",
    };
  }
  try {
    return { privateKey: readFileSync(file, "utf8") };
  } catch {
    return { problem: `RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE cannot be read: ${file}` };
  }
}
