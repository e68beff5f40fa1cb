import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { itemsOf } from "./call-items.ts";
import { type CallLog, createCallLog } from "./call-log.ts";
import type { AwsRequest } from "./exchange.ts";
import { identify } from "./identify.ts";
import { createLayers, type Upstreams } from "./layers.ts";
import { readBody } from "./read-body.ts";
import { createRuleBook, type RuleBook } from "./rules.ts";
import { type Senders, withSenders } from "./senders.ts";
import { serve } from "./spoil.ts";

/** The proxy that stands for AWS: emulators behind it, with what they lack, and faults by rule. */
export interface FaultProxy extends AsyncDisposable {
  /** Where it listens: the endpoint of every service. */
  readonly url: string;
  /** What goes wrong. */
  readonly faults: Pick<RuleBook, "inject" | "clear">;
  /** What was called. */
  readonly calls: Omit<CallLog, "begin">;
  /** Who sends messages. */
  readonly senders: Senders;
  /** Ends it; whoever waits for an answer loses the connection. */
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback interface. Each has an account of its own. */
export async function startFaultProxy(options: {
  readonly upstreams: Upstreams;
  /** 12 digits. */
  readonly accountId: string;
}): Promise<FaultProxy> {
  const rules = createRuleBook();
  const calls = createCallLog();
  const layers = createLayers(options.upstreams, options.accountId);
  const senders = withSenders(layers.handle);
  const closing = new AbortController();

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    const { method = "GET", url = "/", headers } = incoming;
    const identity = identify({ method, url, headers, body });
    if (identity === undefined) {
      response.writeHead(403, { "content-type": "text/plain" }).end("The call is not signed\n");
      return;
    }
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const whole = { ...identity, method, url, headers, body, gone: leaving.signal };
    const rule = rules.take(whole);
    const request: AwsRequest = rule === undefined ? whole : { ...whole, fault: rule.fault };
    const record = calls.begin({ ...identity, items: itemsOf(request) });
    const begin = performance.now();
    record.fault = rule === undefined ? undefined : (rule.name ?? rule.fault.kind);
    try {
      await serve(request, response, senders.handle, closing.signal);
    } finally {
      record.tookMs = performance.now() - begin;
      record.status = response.headersSent ? response.statusCode : 0;
    }
  }

  const server = createServer((incoming, response) => {
    // A client that breaks off while it sends is no fault of ours.
    answer(incoming, response).catch(() => response.socket?.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = async () => {
    closing.abort();
    layers.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: rules,
    calls,
    senders,
    close,
    [Symbol.asyncDispose]: close,
  };
}
