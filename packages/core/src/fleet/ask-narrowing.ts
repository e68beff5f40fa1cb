import type { ConfigurationSource } from "../ports/configuration-source.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { RoutedJob } from "../routing/catalog.ts";
import type { Narrowing } from "../routing/narrowing.ts";
import { causeOf } from "./gates.ts";

/** What GitHub says about a job, with what its repository allows itself. */
export type JobDemand = JobEvent & Pick<RoutedJob, "narrowing">;

/** What a repository allows itself; when it rejects, it is to be asked again. */
export type NarrowingOf = (
  repository: string,
  signal: AbortSignal,
) => Promise<Narrowing | undefined>;

/** Asks the source of the configuration, if it knows of repositories; that it could not be asked is noted. */
export function askNarrowing(
  source: ConfigurationSource | undefined,
  note: (code: string, message: string) => void,
): NarrowingOf | undefined {
  if (source?.narrowing === undefined) return undefined;
  return async (repository, signal) => {
    try {
      return await source.narrowing?.(repository, { signal });
    } catch (error) {
      const { code, message } = causeOf(error);
      if (!signal.aborted) {
        note(
          code,
          `A job waits, because what ${repository} allows itself is not known: ${message}`,
        );
      }
      throw error;
    }
  };
}

/** The job with what its repository allows itself. Only one that is queued is routed: other news are of what happened already. */
export async function narrowed(
  event: JobEvent,
  narrowing: NarrowingOf | undefined,
  signal: AbortSignal,
): Promise<JobDemand> {
  if (event.action !== "queued") return event;
  const known = await narrowing?.(event.repository, signal);
  return known === undefined ? event : { ...event, narrowing: known };
}
