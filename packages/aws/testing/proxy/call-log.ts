import { setTimeout as sleep } from "node:timers/promises";

/** One call that came to the proxy. Every attempt of the SDK is a call. */
export interface CallRecord {
  /** As in the scope of the signature. */
  readonly service: string;
  /** The operation. */
  readonly action: string;
  /** As in the scope of the signature. */
  readonly region: string;
  /** Whose call it was. */
  readonly accessKey: string;
  /** Which attempt of the SDK it was, from 1. */
  readonly attempt: number;
  /** How many things it was about: items of a transaction, entries of a batch, machines. */
  readonly items: number;
  /** When it came, milliseconds since the proxy began. */
  readonly atMs: number;
  /** How long it took, milliseconds; `undefined` while it is under way. */
  tookMs: number | undefined;
  /** HTTP status of the answer that was sent; 0 when none was. */
  status: number;
  /** The name of the rule that spoiled it. */
  fault: string | undefined;
}

/** Which calls are meant. What is absent does not matter. */
export type CallFilter = Partial<
  Pick<CallRecord, "service" | "action" | "region" | "accessKey" | "fault">
>;

/** What one operation was called. */
export interface CallCount {
  /** Calls, retries included: what AWS counts and charges. */
  readonly calls: number;
  /** The things they were about. */
  readonly items: number;
  /** Calls that were a retry of the SDK. */
  readonly retries: number;
}

/** Counts the calls from one moment on. */
export interface CallMeter {
  /** The calls, oldest first. */
  records(filter?: CallFilter): readonly CallRecord[];
  /** How many calls, retries included. */
  count(filter?: CallFilter): number;
  /** By operation, as in `dynamodb PutItem`, in the order of the names. */
  byAction(filter?: CallFilter): Readonly<Record<string, CallCount>>;
}

/** The calls of a proxy. */
export interface CallLog extends CallMeter {
  /** A meter that begins now. */
  meter(): CallMeter;
  /** Resolves when no such call is under way: also those that their client has given up have had their effect then. */
  settled(filter?: CallFilter): Promise<void>;
  /** Notes a call. */
  begin(call: Omit<CallRecord, "atMs" | "tookMs" | "status" | "fault">): CallRecord;
}

/** A log that forgets nothing: a run of tests has some ten thousand calls. */
export function createCallLog(): CallLog {
  const began = performance.now();
  const all: CallRecord[] = [];
  const whole = meterFrom(all, 0);
  return {
    ...whole,
    async settled(filter) {
      while (whole.records(filter).some(({ tookMs }) => tookMs === undefined)) await sleep(5);
    },
    meter: () => meterFrom(all, all.length),
    begin(call) {
      const record = {
        ...call,
        atMs: performance.now() - began,
        tookMs: undefined,
        status: 0,
        fault: undefined,
      };
      all.push(record);
      return record;
    },
  };
}

function meterFrom(all: readonly CallRecord[], start: number): CallMeter {
  const records = (filter: CallFilter = {}) => {
    const wanted = Object.entries(filter) as [keyof CallFilter, string][];
    return all.slice(start).filter((call) => wanted.every(([key, value]) => call[key] === value));
  };
  return {
    records,
    count: (filter) => records(filter).length,
    byAction(filter) {
      const counts = new Map<string, CallCount>();
      for (const { service, action, items, attempt } of records(filter)) {
        const name = `${service} ${action}`;
        const { calls, items: before, retries } = counts.get(name) ?? nothing;
        counts.set(name, {
          calls: calls + 1,
          items: before + items,
          retries: retries + (attempt > 1 ? 1 : 0),
        });
      }
      return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

const nothing: CallCount = { calls: 0, items: 0, retries: 0 };
