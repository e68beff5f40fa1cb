import { type AgentTimings, agentTimings } from "../../options.ts";

/** What the environment says. */
export interface Settings {
  /** Directory of an unpacked actions/runner, which this machine's one job uses up. */
  readonly runnerDirectory: string;
  /** Program and arguments that switch the machine off. */
  readonly powerOffCommand: readonly [string, ...string[]];
  /** Timings that differ from the defaults. */
  readonly timings: Partial<AgentTimings>;
  /** Where instance metadata is, when not where it always is. */
  readonly metadataEndpoint?: string;
  /** Names that differ from the convention. */
  readonly names: {
    readonly tablePrefix?: string;
    readonly reportsQueueUrl?: string;
    readonly bucket?: string;
  };
}

/** Settings, or everything that is wrong with them. */
export type ParsedSettings =
  | { readonly ok: true; readonly value: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Longest value that is read, characters. */
const longest = 8_192;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings out of the environment; empty variables count as absent. */
export function parseSettings(environment: Environment): ParsedSettings {
  const problems: string[] = [];
  const variable = (name: string): string | undefined => {
    const value = environment[name];
    if (value === undefined || value === "") return undefined;
    if (value.length <= longest) return value;
    problems.push(`${name} is longer than ${longest} characters`);
    return undefined;
  };
  const json = (name: string): unknown => {
    const value = variable(name);
    if (value === undefined) return undefined;
    try {
      return JSON.parse(value);
    } catch {
      problems.push(`${name} is not JSON`);
      return undefined;
    }
  };
  const url = (name: string): string | undefined => {
    const value = variable(name);
    if (value === undefined || /^https?:$/u.test(protocolOf(value))) return value;
    problems.push(`${name} is no URL`);
    return undefined;
  };

  const powerOffCommand = commandOf(json("RUNS_FLEET_POWER_OFF_COMMAND"));
  if (powerOffCommand === "wrong") {
    problems.push(
      'RUNS_FLEET_POWER_OFF_COMMAND must be a JSON array of texts, such as ["shutdown","-h","now"]',
    );
  }
  const timings = timingsOf(json("RUNS_FLEET_AGENT_TIMINGS"));
  if (typeof timings === "string") problems.push(`RUNS_FLEET_AGENT_TIMINGS: ${timings}`);
  const metadataEndpoint = url("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  const reportsQueueUrl = url("RUNS_FLEET_REPORTS_QUEUE_URL");
  const tablePrefix = variable("RUNS_FLEET_TABLE_PREFIX");
  const bucket = variable("RUNS_FLEET_BUCKET");
  const runnerDirectory = variable("RUNS_FLEET_RUNNER_DIR") ?? "/opt/actions-runner";
  if (problems.length > 0 || powerOffCommand === "wrong" || typeof timings === "string") {
    return { ok: false, problems };
  }
  return {
    ok: true,
    value: {
      runnerDirectory,
      powerOffCommand: powerOffCommand ?? ["shutdown", "-h", "now"],
      timings,
      ...(metadataEndpoint !== undefined && { metadataEndpoint }),
      names: {
        ...(tablePrefix !== undefined && { tablePrefix }),
        ...(reportsQueueUrl !== undefined && { reportsQueueUrl }),
        ...(bucket !== undefined && { bucket }),
      },
    },
  };
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : "";
}

function commandOf(value: unknown): readonly [string, ...string[]] | "wrong" | undefined {
  if (value === undefined) return undefined;
  const isCommand =
    Array.isArray(value) &&
    value.every((part) => typeof part === "string" && !part.includes("\0")) &&
    value[0] !== undefined &&
    value[0] !== "";
  return isCommand ? (value as [string, ...string[]]) : "wrong";
}

/** The timings, or in words what is wrong with them. */
function timingsOf(value: unknown): Partial<AgentTimings> | string {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return 'must be a JSON object, such as {"idleTimeoutMs":60000}';
  }
  const known = agentTimings();
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) return `there is no timing ${unknown}`;
  try {
    agentTimings(value);
  } catch (error) {
    return error instanceof RangeError ? error.message : "cannot be read";
  }
  return value;
}
