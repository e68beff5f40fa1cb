import { randomUUID } from "node:crypto";
import { statusOf } from "./error-status.ts";
import type { AwsAnswer, AwsRequest } from "./exchange.ts";
import { escapeXml } from "./xml.ts";

/** An error to be put into the form of a protocol. */
export interface AwsErrorText {
  /** Such as `RequestLimitExceeded`. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** HTTP status. @defaultValue what goes with the code */
  readonly status?: number;
  /** More members of a JSON error. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** What the query protocol of SQS called its codes; the SDKs read it from a header beside the JSON. */
const queryCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
};

/** The error as the service of a call would put it. */
export function awsError(request: AwsRequest, error: AwsErrorText): AwsAnswer {
  const status = error.status ?? statusOf(request.service, error.code);
  const id = randomUUID();
  if (request.service === "ec2") return xml(status, ec2Body(error, id), id);
  if (request.service === "s3") {
    const isHead = request.method === "HEAD";
    return { ...xml(status, isHead ? "" : s3Body(error, id), id), headers: s3Headers(id) };
  }
  if (request.headers["x-amz-target"] !== undefined) return json(request, status, error, id);
  return xml(status, queryBody(error, id, status), id);
}

function json(request: AwsRequest, status: number, error: AwsErrorText, id: string): AwsAnswer {
  const { code, message, members } = error;
  const query = request.service === "sqs" ? (queryCodes[code] ?? code) : undefined;
  const side = status < 500 ? "Sender" : "Receiver";
  return {
    status,
    headers: {
      "content-type": request.headers["content-type"] ?? "application/x-amz-json-1.0",
      "x-amzn-requestid": id,
      ...(query === undefined ? {} : { "x-amzn-query-error": `${query};${side}` }),
    },
    body: Buffer.from(
      JSON.stringify({ __type: `${namespaceOf(request.service)}#${code}`, message, ...members }),
    ),
  };
}

function namespaceOf(service: string): string {
  return service === "dynamodb" ? "com.amazonaws.dynamodb.v20120810" : `com.amazonaws.${service}`;
}

function xml(status: number, body: string, id: string): AwsAnswer {
  return {
    status,
    headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": id },
    body: Buffer.from(body === "" ? "" : `<?xml version="1.0" encoding="UTF-8"?>\n${body}`),
  };
}

const textOf = ({ code, message }: AwsErrorText) =>
  `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;

const ec2Body = (error: AwsErrorText, id: string) =>
  `<Response><Errors><Error>${textOf(error)}</Error></Errors><RequestID>${id}</RequestID></Response>`;

const s3Body = (error: AwsErrorText, id: string) =>
  `<Error>${textOf(error)}<RequestId>${id}</RequestId><HostId>proxy</HostId></Error>`;

const s3Headers = (id: string) => ({
  "content-type": "application/xml",
  "x-amz-request-id": id,
});

const queryBody = (error: AwsErrorText, id: string, status: number) =>
  `<ErrorResponse><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type>${textOf(error)}</Error><RequestId>${id}</RequestId></ErrorResponse>`;
