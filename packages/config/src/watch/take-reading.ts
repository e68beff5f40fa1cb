import type { CallOptions, Clock, Lease, PushEvent } from "@runs-fleet/core";
import type { Rates } from "@runs-fleet/scheduling";
import type { FleetConfig } from "../parse-config.ts";
import type { Finding } from "./check-report.ts";
import type { ConfigRecords } from "./config-records.ts";
import type { ConfigState } from "./config-state.ts";
import type { ConfigReader } from "./create-config-reader.ts";
import { judgeSource } from "./judge-source.ts";
import { seenHead, seenPush } from "./push-order.ts";
import type { SourceReading } from "./read-source.ts";

/**
 * Puts on record what was read of the source, and answers what the author is to be told.
 *
 * @param from - The push of which it was read. Without one: the head of the branch.
 */
export type TakeReading = (
  lease: Lease,
  reading: SourceReading,
  from: { readonly push?: PushEvent },
  call?: CallOptions,
) => Promise<Finding>;

/** Makes what takes readings in, whatever they are: sound, broken, or none. */
export function createTakeReading(options: {
  readonly records: ConfigRecords;
  readonly path: string;
  readonly current: ConfigReader["current"];
  /** Why a configuration cannot be served here. */
  readonly accept: ((config: FleetConfig) => string | undefined) | undefined;
  readonly rates: Readonly<Record<string, Rates>> | undefined;
  readonly clock: Clock;
}): TakeReading {
  const { records, path, current, rates, clock } = options;
  const misfit = (config: FleetConfig): string | undefined =>
    records.misfit(config) ?? options.accept?.(config);
  return async (lease, reading, from, call) => {
    const loaded = await records.load(call);
    const { state } = loaded;
    const nowMs = clock.now();
    const seenAs = (version: string | undefined): ConfigState["seen"] => {
      if (from.push) return seenPush(from.push, version, nowMs, state.seen);
      const isKnown = version === undefined || version === state.seen?.version;
      return isKnown ? state.seen : seenHead(version, nowMs, state.seen);
    };
    const { alert: _alert, rejected: _rejected, seen: _seen, ...kept } = state;
    const save = (next: ConfigState): Promise<void> => records.save(lease, next, loaded, call);

    if (!reading.ok) {
      const { code, message } = reading.cause;
      const alert = { code, message, sinceMs: state.alert?.sinceMs ?? nowMs };
      // What could not be reached is not looked at yet: whatever comes next looks again.
      const seen = reading.retryable ? state.seen : seenAs(undefined);
      const same = state.alert?.code === code && state.alert.message === message;
      if (!same || seen?.commit !== state.seen?.commit) {
        await save({ ...state, alert, ...(seen === undefined ? {} : { seen }) });
      }
      return { outcome: { kind: "kept-last-good", cause: reading.cause }, issues: [] };
    }

    const { version } = reading.source;
    const seen = seenAs(version);
    const told = seen === undefined ? {} : { seen };
    const commit = from.push === undefined ? {} : { commit: from.push.after };
    if (version === state.applied?.version) {
      await save({ ...kept, ...told });
      return { outcome: { kind: "unchanged", version }, issues: [] };
    }
    const before = await current(call);
    const judged = judgeSource(reading.source, path, before?.config, {
      atMs: nowMs,
      misfit,
      ...(rates === undefined ? {} : { rates }),
    });
    if (!judged.ok) {
      const { issues, problems, more } = judged;
      const isOld = from.push === undefined && state.rejected?.version === version;
      const refused = { version, ...commit, atMs: nowMs, problems: [...problems], more };
      const rejected = (isOld ? state.rejected : undefined) ?? refused;
      await save({ ...kept, ...told, rejected });
      return { outcome: { kind: "rejected", issues }, issues };
    }
    await records.write(lease, judged.config, call);
    const previous = state.applied?.version;
    const pools = judged.config.catalog.pools.map(({ name }) => name);
    const applied = {
      version,
      ...(previous === undefined ? {} : { previous }),
      ...commit,
      atMs: nowMs,
      pools,
    };
    await save({ ...told, applied });
    const keep = previous === undefined ? [version] : [version, previous];
    // Left over, it is swept with the next version.
    await records.sweep(lease, keep, call).catch(() => undefined);
    const { issues, plan, summary } = judged;
    return { outcome: { kind: "applied", version }, issues, plan, summary };
  };
}
