import { randomBytes } from "node:crypto";
import type { Clock } from "../../ports/clock.ts";

/** Longest life of a token, seconds. Source: EC2 guide, How Instance Metadata Service Version 2 works, read 2026-11-28. */
const longestSeconds = 21_600;

/** The session tokens of one service. */
export interface SessionTokens {
  /** A token for the value of `X-aws-ec2-metadata-token-ttl-seconds`; `undefined` when that is no life of a token. */
  issue(ttl: string | undefined): string | undefined;
  /** Whether the token still counts. */
  isValid(token: string | undefined): boolean;
  /** Voids all tokens. */
  forget(): void;
}

/** No tokens yet. */
export function createSessionTokens(clock: Clock): SessionTokens {
  const endsAtMs = new Map<string, number>();
  return {
    issue(ttl) {
      const seconds = Number(ttl);
      if (!/^\d+$/u.test(ttl ?? "") || seconds < 1 || seconds > longestSeconds) return undefined;
      const nowMs = clock.monotonicMs();
      for (const [token, endMs] of endsAtMs) if (endMs <= nowMs) endsAtMs.delete(token);
      const token = randomBytes(42).toString("base64url");
      endsAtMs.set(token, nowMs + seconds * 1_000);
      return token;
    },
    isValid: (token) =>
      token !== undefined &&
      clock.monotonicMs() < (endsAtMs.get(token) ?? Number.NEGATIVE_INFINITY),
    forget: () => endsAtMs.clear(),
  };
}
