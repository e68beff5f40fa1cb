import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { awsError } from "./aws-error.ts";
import type { AwsRequest, Handle } from "./exchange.ts";
import type { Fault, Side } from "./fault.ts";
import { breakOff, reply, replyHalf } from "./reply.ts";

/** Serves one call, with its fault if it has one. Resolves when nothing more will be sent; `closed` ends what waits for ever. */
export async function serve(
  request: AwsRequest,
  response: ServerResponse,
  next: Handle,
  closed: AbortSignal,
): Promise<void> {
  const { fault } = request;
  if (fault?.kind === "late") {
    breakOff(response);
    await Promise.race([fault.until, until(closed)]);
    if (!closed.aborted) await next(request);
    return;
  }
  if (fault !== undefined && (await spoils(fault, "before", request, response, closed))) return;
  const answer = await next(request);
  if (fault?.kind === "truncate") return replyHalf(response, answer);
  if (fault !== undefined && (await spoils(fault, "after", request, response, closed))) return;
  reply(response, answer);
}

/** What a fault does on one side of the effect; whether the call is over by that. */
async function spoils(
  fault: Fault,
  side: Side,
  request: AwsRequest,
  response: ServerResponse,
  closed: AbortSignal,
): Promise<boolean> {
  if (!("side" in fault) || fault.side !== side) return false;
  switch (fault.kind) {
    case "error":
      reply(response, awsError(request, { message: "Injected", ...fault }));
      return true;
    case "reset":
      breakOff(response);
      return true;
    case "blackhole":
      await until(AbortSignal.any([request.gone, closed]));
      breakOff(response);
      return true;
    case "delay":
      // Whether anybody still waits or not: what is on its way arrives.
      await sleep(fault.delayMs, undefined, { signal: closed }).catch(() => undefined);
      return false;
  }
}

function until(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
