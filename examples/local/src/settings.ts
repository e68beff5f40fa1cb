import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";

/** All variables that the host reads, with what they mean: the source of `--help` and `.env.example`. */
export const variables = {
  PORT: "Port on 127.0.0.1. Default 8080; 0 takes a free one.",
  RUNS_FLEET_DATA_DIR: "Where state, machines and logs live. Default .runs-fleet",
  RUNS_FLEET_WEBHOOK_SECRET:
    "Secret of the GitHub webhook. Default: a random one, shown at the start.",
  RUNS_FLEET_GITHUB_APP_ID: "Id of your GitHub App. Without it a fake GitHub is brought along.",
  RUNS_FLEET_GITHUB_PRIVATE_KEY: "Private key of the App (PEM; \\n may stand for line breaks).",
  RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE: "File with the private key, instead of the key itself.",
  RUNS_FLEET_GITHUB_URL: "Base of GitHub's API. Default https://api.github.com",
  RUNS_FLEET_RUNNER_DIR: "An unpacked actions/runner; each machine gets a copy of its own.",
  RUNS_FLEET_REPOSITORIES:
    "Repositories (owner/name, comma-separated) to poll when GitHub cannot reach this host.",
  RUNS_FLEET_CATALOG:
    "JSON file with the catalog: environments, pools, policies. Default: everything private.",
  RUNS_FLEET_CONFIG_REPOSITORY:
    "Instead of a catalog: the repository (owner/name) whose runs-fleet.yml is watched.",
  RUNS_FLEET_CONFIG_DIRECTORY: "Instead of a catalog: a git clone on this machine that is watched.",
  RUNS_FLEET_CONFIG_PATH: "The file in either of them. Default .github/runs-fleet.yml",
  RUNS_FLEET_CONFIG_POLL_SECONDS: "How often it is looked at without a push. Default 300.",
  RUNS_FLEET_CAPACITY: "Most machines (processes) at once. Default 12.",
  RUNS_FLEET_MINTS_PER_MINUTE: "Runner registrations a minute that GitHub grants. Default 160.",
  RUNS_FLEET_DURABILITY: "process (survives a kill; default) or power (survives power loss).",
  RUNS_FLEET_TIMINGS: "JSON of controller timings in milliseconds that differ from the defaults.",
  RUNS_FLEET_AGENT_TIMINGS: "The same of the agents on its machines.",
} as const;

const integer = (fallback: string, least: number, most: number) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.regex(/^\d+$/, "must be a whole number"),
    v.transform(Number),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
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
  v.record(v.string(), v.number("must hold numbers of milliseconds")),
);

const repositories = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) =>
    text
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  ),
  v.array(v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name"))),
);

const schema = v.object({
  PORT: integer("8080", 0, 65_535),
  RUNS_FLEET_DATA_DIR: v.optional(v.pipe(v.string(), v.minLength(1)), ".runs-fleet"),
  RUNS_FLEET_WEBHOOK_SECRET: v.optional(
    v.pipe(v.string(), v.minLength(8, "needs 8 characters or more")),
  ),
  RUNS_FLEET_GITHUB_APP_ID: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.-]+$/, "must be an App id")),
  ),
  RUNS_FLEET_GITHUB_PRIVATE_KEY: v.optional(v.string()),
  RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE: v.optional(v.string()),
  RUNS_FLEET_GITHUB_URL: v.optional(
    v.pipe(v.string(), v.url("must be a URL")),
    "https://api.github.com",
  ),
  RUNS_FLEET_RUNNER_DIR: v.optional(v.pipe(v.string(), v.minLength(1))),
  RUNS_FLEET_REPOSITORIES: repositories,
  RUNS_FLEET_CATALOG: v.optional(v.pipe(v.string(), v.minLength(1))),
  RUNS_FLEET_CONFIG_REPOSITORY: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name")),
  ),
  RUNS_FLEET_CONFIG_DIRECTORY: v.optional(v.pipe(v.string(), v.minLength(1))),
  RUNS_FLEET_CONFIG_PATH: v.optional(
    v.pipe(v.string(), v.regex(/^(?!\/)[^\0]{1,200}$/, "must be a path in the repository")),
    ".github/runs-fleet.yml",
  ),
  RUNS_FLEET_CONFIG_POLL_SECONDS: integer("300", 1, 86_400),
  RUNS_FLEET_CAPACITY: integer("12", 1, 10_000),
  RUNS_FLEET_MINTS_PER_MINUTE: integer("160", 1, 1_000_000),
  RUNS_FLEET_DURABILITY: v.optional(
    v.picklist(["process", "power"], "must be process or power"),
    "process",
  ),
  RUNS_FLEET_TIMINGS: timings,
  RUNS_FLEET_AGENT_TIMINGS: timings,
});

/** What the host goes by. */
export interface Settings {
  readonly port: number;
  readonly dataDirectory: string;
  readonly webhookSecret: string | undefined;
  readonly github:
    | { readonly appId: string; readonly privateKey: string; readonly baseUrl: string }
    | undefined;
  readonly runnerDirectory: string | undefined;
  readonly repositories: readonly string[];
  readonly catalogFile: string | undefined;
  /** The configuration that is watched, in a repository at GitHub or in a clone here. Absent: the catalog file. */
  readonly config:
    | {
        readonly repository?: string;
        readonly directory?: string;
        readonly path: string;
        readonly pollMs: number;
      }
    | undefined;
  readonly capacity: number;
  readonly mintsPerMinute: number;
  readonly durability: "process" | "power";
  readonly timings: Readonly<Record<string, number>>;
  readonly agentTimings: Readonly<Record<string, number>>;
}

/** The environment is wrong: one line per variable, for the person who set it. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

function privateKey(
  text: string | undefined,
  file: string | undefined,
): string | { problem: string } {
  if (text) return text.replaceAll("\\n", "\n");
  if (!file) {
    return {
      problem:
        "RUNS_FLEET_GITHUB_APP_ID is set, so RUNS_FLEET_GITHUB_PRIVATE_KEY or RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE is needed",
    };
  }
  try {
    return readFileSync(file, "utf8");
  } catch {
    return { problem: `RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE: cannot read ${file}` };
  }
}

function configOf(values: v.InferOutput<typeof schema>): Settings["config"] {
  const { RUNS_FLEET_CONFIG_REPOSITORY: repository, RUNS_FLEET_CONFIG_DIRECTORY: directory } =
    values;
  if (repository === undefined && directory === undefined) return undefined;
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(directory === undefined ? {} : { directory: resolve(directory) }),
    path: values.RUNS_FLEET_CONFIG_PATH,
    pollMs: values.RUNS_FLEET_CONFIG_POLL_SECONDS * 1_000,
  };
}

/** Reads the environment; answers all problems at once. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): SettingsResult {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = v.safeParse(schema, given);
  if (!result.success) {
    const problems = result.issues.map((issue) => {
      const name = String(issue.path?.[0]?.key ?? "environment");
      return `${name}: ${issue.message}`;
    });
    return { ok: false, problems };
  }
  const values = result.output;
  const sources = (
    ["RUNS_FLEET_CATALOG", "RUNS_FLEET_CONFIG_REPOSITORY", "RUNS_FLEET_CONFIG_DIRECTORY"] as const
  ).filter((name) => values[name] !== undefined);
  if (sources.length > 1) {
    return { ok: false, problems: [`Only one of ${sources.join(", ")} can be in force`] };
  }
  const appId = values.RUNS_FLEET_GITHUB_APP_ID;
  let github: Settings["github"];
  if (appId !== undefined) {
    const key = privateKey(
      values.RUNS_FLEET_GITHUB_PRIVATE_KEY,
      values.RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE,
    );
    if (typeof key !== "string") return { ok: false, problems: [key.problem] };
    github = { appId, privateKey: key, baseUrl: values.RUNS_FLEET_GITHUB_URL };
    if (values.RUNS_FLEET_RUNNER_DIR === undefined) {
      const problem =
        "RUNS_FLEET_RUNNER_DIR is needed: the directory of an unpacked actions/runner";
      return { ok: false, problems: [problem] };
    }
  }
  return {
    ok: true,
    settings: {
      port: values.PORT,
      dataDirectory: resolve(values.RUNS_FLEET_DATA_DIR),
      webhookSecret: values.RUNS_FLEET_WEBHOOK_SECRET,
      github,
      runnerDirectory: values.RUNS_FLEET_RUNNER_DIR && resolve(values.RUNS_FLEET_RUNNER_DIR),
      repositories: values.RUNS_FLEET_REPOSITORIES,
      catalogFile: values.RUNS_FLEET_CATALOG && resolve(values.RUNS_FLEET_CATALOG),
      config: configOf(values),
      capacity: values.RUNS_FLEET_CAPACITY,
      mintsPerMinute: values.RUNS_FLEET_MINTS_PER_MINUTE,
      durability: values.RUNS_FLEET_DURABILITY,
      timings: values.RUNS_FLEET_TIMINGS,
      agentTimings: values.RUNS_FLEET_AGENT_TIMINGS,
    },
  };
}
