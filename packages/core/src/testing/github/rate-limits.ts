import type { FakeReply } from "./exchange.ts";
import type { World } from "./model.ts";

/** GitHub's primary and secondary limits, by installation. */
export interface RateLimits {
  /** Counts a call; answers the refusal when it is one too many. */
  charge(caller: string, resource: Resource): FakeReply | undefined;
  /** Takes back a call that GitHub does not count, such as one answered 304. */
  refund(caller: string, resource: Resource): void;
  headers(caller: string, resource: Resource): Readonly<Record<string, string>>;
}

/** The buckets that the fake knows. */
export type Resource = "core" | "actions_runner_registration";

const hourMs = 3_600_000;
const minuteMs = 60_000;

interface Window {
  startedMs: number;
  used: number;
}

/** Limits of `world`. */
export function createRateLimits(world: World): RateLimits {
  const { clock, settings } = world;
  const windows = new Map<string, Window>();

  const windowOf = (key: string, lengthMs: number): Window => {
    const known = windows.get(key);
    if (known !== undefined && clock.now() < known.startedMs + lengthMs) return known;
    const fresh: Window = { startedMs: clock.now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  };
  const limitOf = (resource: Resource): number | false =>
    resource === "core" ? settings.limits.corePerHour : settings.limits.mintsPerHour;

  const headers = (caller: string, resource: Resource): Readonly<Record<string, string>> => {
    const limit = limitOf(resource);
    if (limit === false) return {};
    const window = windowOf(`${caller} ${resource}`, hourMs);
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - window.used)),
      "x-ratelimit-used": String(window.used),
      "x-ratelimit-reset": String(Math.ceil((window.startedMs + hourMs) / 1_000)),
      "x-ratelimit-resource": resource,
    };
  };

  return {
    headers,
    refund: (caller, resource) => {
      const window = windowOf(`${caller} ${resource}`, hourMs);
      window.used = Math.max(0, window.used - 1);
    },
    charge: (caller, resource) => {
      const limit = limitOf(resource);
      const window = windowOf(`${caller} ${resource}`, hourMs);
      if (limit !== false && window.used >= limit) {
        return {
          status: 403,
          headers: headers(caller, resource),
          body: { message: `API rate limit exceeded for installation ${caller}.` },
        };
      }
      const perMinute = settings.limits.mintsPerMinute;
      if (resource === "actions_runner_registration" && perMinute !== false) {
        const minute = windowOf(`${caller} minute`, minuteMs);
        if (minute.used >= perMinute) {
          const restMs = minute.startedMs + minuteMs - clock.now();
          return {
            status: 403,
            headers: { "retry-after": String(Math.max(1, Math.ceil(restMs / 1_000))) },
            body: {
              message:
                "You have exceeded a secondary rate limit. Please wait before you try again.",
            },
          };
        }
        minute.used += 1;
      }
      window.used += 1;
      return undefined;
    },
  };
}
