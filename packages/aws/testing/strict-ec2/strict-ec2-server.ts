import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isEc2Error, type SimulatedEc2 } from "@runs-fleet/core/testing";
import { awsError } from "../proxy/aws-error.ts";
import type { AwsAnswer, AwsRequest } from "../proxy/exchange.ts";
import { identify } from "../proxy/identify.ts";
import { readBody } from "../proxy/read-body.ts";
import { type Operation, operationsOf } from "./operations.ts";
import { readForm } from "./read-form.ts";
import { writeAnswer } from "./write-xml.ts";

/** A simulated region behind EC2's own protocol. */
export interface StrictEc2Server extends AsyncDisposable {
  /** The endpoint for SDKs. */
  readonly url: string;
  /** Ends it; whoever waits for an answer loses the connection. */
  close(): Promise<void>;
}

/**
 * Serves a simulated region on a free port of the loopback interface, so that the real SDK speaks to it on the real wire: with
 * states over time, capacity, tokens, quotas and buckets, none of which an emulator has. Credentials are not checked, the
 * region is.
 */
export async function startStrictEc2(ec2: SimulatedEc2): Promise<StrictEc2Server> {
  const operations = operationsOf(ec2);
  const server = createServer((incoming, response) => {
    answer(incoming, ec2, operations).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.socket?.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(
  incoming: IncomingMessage,
  ec2: SimulatedEc2,
  operations: ReadonlyMap<string, Operation>,
): Promise<AwsAnswer> {
  const body = await readBody(incoming);
  const { method = "GET", url = "/", headers } = incoming;
  const identity = identify({ method, url, headers, body });
  if (identity === undefined) throw new Error("The call is not signed");
  const gone = new AbortController().signal;
  const request: AwsRequest = { ...identity, method, url, headers, body, gone };
  const operation = operations.get(identity.action);
  if (identity.service !== "ec2" || identity.region !== ec2.region || operation === undefined) {
    const what = `${identity.service} ${identity.action} in ${identity.region}`;
    return awsError(request, { code: "InvalidAction", message: `There is no ${what}` });
  }
  try {
    const output = await operation(readForm(new URLSearchParams(body.toString("utf8"))));
    return {
      status: 200,
      headers: { "content-type": "text/xml;charset=UTF-8" },
      body: Buffer.from(writeAnswer(identity.action, output)),
    };
  } catch (error) {
    if (!isEc2Error(error)) {
      return awsError(request, { code: "InternalError", message: String(error) });
    }
    const { name: code, message, $metadata } = error;
    return awsError(request, { code, message, status: $metadata.httpStatusCode });
  }
}
