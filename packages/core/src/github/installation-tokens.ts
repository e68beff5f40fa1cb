import * as v from "valibot";
import { parseInstant } from "../demand/parse-instant.ts";
import type { CallOptions } from "../ports/call-options.ts";
import { FleetError } from "../ports/failure.ts";
import type { ApiRequest, ApiResponse, Identity } from "./exchange.ts";
import { pathOf } from "./exchange.ts";
import { readAs, statusOf } from "./read-as.ts";
import type { ServerTime } from "./server-time.ts";
import { createSharedFlight } from "./shared-flight.ts";

/** An installation's identity. */
type InstallationIdentity = Extract<Identity, { readonly kind: "installation" }>;

/** A token with whose budget it spends. */
interface InstallationToken {
  readonly installationId: string;
  readonly token: string;
}

/** Installation tokens, one per installation at a time. */
export interface InstallationTokens {
  /** A token that is good for the next minutes. */
  get(identity: InstallationIdentity, options?: CallOptions): Promise<InstallationToken>;
  /** GitHub refused this token: the next `get` makes another. */
  forget(token: InstallationToken): void;
}

/** A token is replaced so long before it ends, milliseconds. */
const replacedBeforeMs = 300_000;

const installationSchema = v.object({ id: v.pipe(v.number(), v.safeInteger()) });
const tokenSchema = v.object({
  token: v.pipe(v.string(), v.minLength(1), v.maxLength(8_192)),
  expires_at: v.pipe(v.string(), v.maxLength(64)),
});

interface Kept extends InstallationToken {
  readonly replaceAtMs: number;
  readonly expiresAtMs: number;
}

/** Tokens by way of `call`, which speaks in the App's own name. */
export function createInstallationTokens(options: {
  readonly call: (request: ApiRequest) => Promise<ApiResponse>;
  readonly time: ServerTime;
}): InstallationTokens {
  const { call, time } = options;
  const installations = new Map<string, string>();
  const kept = new Map<string, Kept>();
  const lookups = createSharedFlight<string>();
  const issues = createSharedFlight<Kept>();

  const find = async (path: string, owner: string): Promise<string> => {
    const purpose = `find the App's installation on ${owner}`;
    const response = await call({ method: "GET", path, identity: { kind: "app" }, purpose });
    return String(readAs(installationSchema, response.data, purpose).id);
  };

  const lookUp = async ({ owner, repository }: InstallationIdentity): Promise<string> => {
    try {
      const id =
        repository === undefined
          ? await find(pathOf("orgs", owner, "installation"), owner).catch((error: unknown) => {
              if (statusOf(error) !== 404) throw error;
              return find(pathOf("users", owner, "installation"), owner);
            })
          : await find(pathOf("repos", repository, "installation"), repository);
      installations.set(owner.toLowerCase(), id);
      return id;
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      throw new FleetError({
        kind: "not-found",
        message: `The App is not installed on ${repository ?? owner}; install it there`,
        details: { status: 404 },
      });
    }
  };

  const idOf = async (identity: InstallationIdentity, signal?: AbortSignal): Promise<string> => {
    const known = installations.get(identity.owner.toLowerCase());
    if (known !== undefined) return known;
    const key = (identity.repository ?? identity.owner).toLowerCase();
    return lookups.join(key, () => lookUp(identity), signal);
  };

  const issue = async (installationId: string): Promise<Kept> => {
    const purpose = `make a token of installation ${installationId}`;
    const response = await call({
      method: "POST",
      path: pathOf("app", "installations", installationId, "access_tokens"),
      identity: { kind: "app" },
      purpose,
      // A token too many does no harm.
      idempotent: true,
    });
    const { token, expires_at } = readAs(tokenSchema, response.data, purpose);
    const nowMs = time.now();
    const expiresAtMs = parseInstant(expires_at) ?? nowMs;
    const margin = Math.min(replacedBeforeMs, (expiresAtMs - nowMs) / 2);
    const made: Kept = { installationId, token, expiresAtMs, replaceAtMs: expiresAtMs - margin };
    kept.set(installationId, made);
    return made;
  };

  const tokenOf = async (installationId: string, signal?: AbortSignal): Promise<Kept> => {
    const known = kept.get(installationId);
    if (known !== undefined && time.now() < known.replaceAtMs) return known;
    try {
      return await issues.join(installationId, () => issue(installationId), signal);
    } catch (error) {
      // The old token lives for some minutes more: GitHub may be back by then.
      if (known === undefined || time.now() >= known.expiresAtMs) throw error;
      if (!FleetError.isInstance(error) || !error.retryable) throw error;
      return known;
    }
  };

  return {
    get: async (identity, call) => {
      const signal = call?.signal;
      const id = await idOf(identity, signal);
      try {
        return await tokenOf(id, signal);
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
        // The App was installed anew since: its installation has another id.
        const owner = identity.owner.toLowerCase();
        if (installations.get(owner) === id) installations.delete(owner);
        kept.delete(id);
        return await tokenOf(await idOf(identity, signal), signal);
      }
    },
    forget: ({ installationId, token }) => {
      if (kept.get(installationId)?.token === token) kept.delete(installationId);
    },
  };
}
