import type { Cause, ConfigurationStanding } from "@runs-fleet/core";
import type { ConfigState } from "./config-state.ts";

/** What is on record, as pages and `/status` tell it. */
export function standingOf(
  source: string,
  { applied, rejected, alert }: ConfigState,
): ConfigurationStanding {
  const inForce = applied && {
    version: applied.version,
    ...(applied.commit === undefined ? {} : { commit: applied.commit }),
    atMs: applied.atMs,
  };
  return {
    source,
    ...(inForce === undefined ? {} : { applied: inForce }),
    ...(rejected === undefined ? {} : { rejected }),
    ...(alert === undefined
      ? {}
      : {
          alert: {
            cause: { code: alert.code as Cause["code"], message: alert.message },
            sinceMs: alert.sinceMs,
          },
        }),
  };
}
