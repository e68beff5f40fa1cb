import type { Clock } from "@runs-fleet/core";
import { parseHttpDate } from "./http-date.ts";

/** One sending of a call, as it was answered. */
export interface RecordedAnswer {
  /** Host that was called. */
  readonly host: string;
  /** HTTP status. */
  readonly status: number;
  /** The server's clock, epoch milliseconds, to the second; `undefined` when the answer does not say. */
  readonly serverMs: number | undefined;
  /** This machine's clock as the call went out, epoch milliseconds. */
  readonly sentMs: number;
  /** This machine's clock as the answer came, epoch milliseconds. */
  readonly receivedMs: number;
}

/** Which call it was. */
export interface RecordedCall {
  /** As the SDK's package is called behind `client-`. */
  readonly service: string;
  /** As the API has it. */
  readonly operation: string;
}

/** Sees every call of some clients. */
export interface CallRecorder {
  /** Watches a client from now on. */
  watch(service: string, client: WatchedClient): void;
  /** Everything that was answered, in order. */
  readonly answers: readonly RecordedAnswer[];
  /** How often something was sent, answered or not. */
  readonly sent: number;
  /** The call that ended in this error, or in what it was made of. */
  callOf(error: unknown): RecordedCall | undefined;
  /** What has been called so far: AWS alone, something else too, or nothing. */
  place(): "aws" | "emulator" | "nowhere";
}

type Next = (args: object) => Promise<object>;

/** A client of the SDK. */
export interface WatchedClient {
  /** Where it can be watched. Each client has types of its own for what goes through. */
  readonly middlewareStack: object;
}

/** What all of them have in common. */
interface Stack {
  add(
    middleware: (next: Next, context: object) => Next,
    options: {
      readonly step: "initialize" | "deserialize";
      readonly priority: "low" | "high";
      readonly name: string;
    },
  ): void;
}

/** How deep errors are wrapped, at most. */
const mostCauses = 8;

/** Makes a recorder that watches nobody yet. */
export function createCallRecorder(clock: Clock): CallRecorder {
  const answers: RecordedAnswer[] = [];
  const hosts = new Set<string>();
  const calls = new WeakMap<object, RecordedCall>();
  let sent = 0;

  const note =
    (service: string) =>
    (next: Next, context: object): Next =>
    async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (typeof error === "object" && error !== null) {
          const command = String(Reflect.get(context, "commandName") ?? "");
          calls.set(error, { service, operation: command.replace(/Command$/u, "") });
        }
        throw error;
      }
    };

  const time =
    (next: Next): Next =>
    async (args) => {
      const host = String(memberOf(Reflect.get(args, "request"), "hostname") ?? "");
      const sentMs = clock.now();
      sent += 1;
      hosts.add(host);
      const result = await next(args);
      const response: unknown = Reflect.get(result, "response");
      answers.push({
        host,
        status: Number(memberOf(response, "statusCode")),
        serverMs: parseHttpDate(memberOf(memberOf(response, "headers"), "date")),
        sentMs,
        receivedMs: clock.now(),
      });
      return result;
    };

  return {
    answers,
    get sent() {
      return sent;
    },
    watch(service, { middlewareStack }) {
      const stack = middlewareStack as Stack;
      stack.add(note(service), { step: "initialize", priority: "high", name: "doctorNotesCalls" });
      stack.add(time, { step: "deserialize", priority: "low", name: "doctorTimesCalls" });
    },
    callOf(error) {
      let current = error;
      for (let depth = 0; depth < mostCauses; depth += 1) {
        if (typeof current !== "object" || current === null) return undefined;
        const call = calls.get(current);
        if (call !== undefined) return call;
        current = Reflect.get(current, "cause");
      }
      return undefined;
    },
    place() {
      if (hosts.size === 0) return "nowhere";
      return [...hosts].every(isAwsHost) ? "aws" : "emulator";
    },
  };
}

/** Whether a host is one of AWS itself: its names, and those of its partitions. */
export function isAwsHost(host: string): boolean {
  return /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)$/u.test(host.toLowerCase());
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
