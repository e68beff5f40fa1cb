import { type CallOptions, type Clock, FleetError, systemClock } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { ec2TagKeys, tagProblem } from "../../ec2/tag-rules.ts";
import {
  type MachineCredentials,
  type MachineIdentity,
  readCredentials,
  readIdentity,
  readInstanceAction,
} from "./documents.ts";
import { createMetadataClient, metadataEndpoint } from "./metadata-client.ts";

/** Options of {@link createMachineMetadata}. */
export interface MachineMetadataOptions {
  /** Where the metadata service is, as `AWS_EC2_METADATA_SERVICE_ENDPOINT` has it. @defaultValue `http://169.254.169.254` */
  readonly endpoint?: string;
  /** Pause between looks at the doorbell, milliseconds. They cost nothing. @defaultValue 1,000 */
  readonly ringPollMs?: number;
  /** Pause between looks for a spot notice, milliseconds. @defaultValue 5,000, as EC2 recommends */
  readonly noticePollMs?: number;
  /** Source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/**
 * What an instance is told about itself. All of it comes from the instance metadata service, IMDSv2 only: no call is counted or
 * paid for.
 *
 * Reads reject with a `FleetError`: `unavailable` when the service does not answer, `config` when it is switched off, or what must be
 * there is missing, `unknown` when it cannot be read.
 */
export interface MachineMetadata {
  /** Which instance this is. */
  identity(options?: CallOptions): Promise<MachineIdentity>;
  /** The value of a tag; `undefined` when it has none, or its launch template does not show tags. @throws A TypeError for a key that is never shown. */
  tag(key: string, options?: CallOptions): Promise<string | undefined>;
  /** The credentials of its profile as they are now; a client that holds them asks again before they end. */
  credentials(options?: CallOptions): Promise<MachineCredentials>;
  /**
   * Resolves when the doorbell rings or has rung since the last time: when the tag `runs-fleet:ring` changes. Rejects with `signal.reason`
   * alone; a service that does not answer is asked again.
   */
  rung(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when spot takes the instance back, with when that is. Rejects with `signal.reason` alone. The advice to rebalance is
   * the controller's to weigh: it hears of it as well, and knows whether the machine has work.
   */
  interruption(signal: AbortSignal): Promise<{ readonly endsAtMs: number }>;
}

/** Longest pause after failures, milliseconds. */
const longestPauseMs = 30_000;

/**
 * Reads the metadata of the instance that this process runs on.
 *
 * @throws A TypeError or a RangeError for options that cannot work.
 * @example
 * const metadata = createMachineMetadata();
 * const { instanceId } = await metadata.identity();
 */
export function createMachineMetadata(options: MachineMetadataOptions = {}): MachineMetadata {
  const { endpoint = metadataEndpoint, clock = systemClock } = options;
  const { ringPollMs = 1_000, noticePollMs = 5_000 } = options;
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== "http:") {
    throw new TypeError(`endpoint must be a URL like ${metadataEndpoint}`);
  }
  assertInteger(ringPollMs, "ringPollMs", 1);
  assertInteger(noticePollMs, "noticePollMs", 1);
  const client = createMetadataClient(new URL(endpoint), clock);
  let heard: string | undefined;

  async function required(path: string, what: string, call?: CallOptions): Promise<string> {
    const text = await client.read(path, call);
    if (text !== undefined) return text;
    throw new FleetError({ kind: "config", message: `This instance has no ${what}` });
  }

  /** Looks until it finds something. */
  async function look<T>(
    find: () => Promise<T | undefined>,
    pollMs: number,
    signal: AbortSignal,
  ): Promise<T> {
    for (let failures = 0; ; ) {
      signal.throwIfAborted();
      try {
        const found = await find();
        if (found !== undefined) return found;
        failures = 0;
      } catch {
        signal.throwIfAborted();
        failures += 1;
      }
      const longestMs = Math.max(pollMs, longestPauseMs);
      await clock.sleep(Math.min(longestMs, pollMs * 2 ** Math.min(failures, 10)), signal);
    }
  }

  const tagAt = (key: string, call?: CallOptions) =>
    client.read(`meta-data/tags/instance/${key}`, call);

  return {
    identity: async (call) =>
      readIdentity(await required("dynamic/instance-identity/document", "identity document", call)),
    async tag(key, call) {
      const problem = tagProblem({ [key]: "" });
      if (problem !== undefined) throw new TypeError(problem);
      return tagAt(key, call);
    },
    async credentials(call) {
      const path = "meta-data/iam/security-credentials/";
      const roles = await required(path, "profile: its launch template must name one", call);
      const [role = ""] = roles.split("\n", 1);
      if (!/^[\w+=,.@-]{1,64}$/u.test(role)) {
        throw new FleetError({
          kind: "unknown",
          message: "The name of this instance's role is wrong",
        });
      }
      return readCredentials(await required(`${path}${role}`, `credentials of ${role}`, call));
    },
    async rung(signal) {
      const find = async () => {
        const value = await tagAt(ec2TagKeys.ring, { signal });
        return value === heard ? undefined : value;
      };
      heard = await look(find, ringPollMs, signal);
    },
    async interruption(signal) {
      const find = () => client.read("meta-data/spot/instance-action", { signal });
      const text = await look(find, noticePollMs, signal);
      return { endsAtMs: readInstanceAction(text, clock.now()) };
    },
  };
}
