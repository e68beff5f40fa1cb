import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Fault } from "./fault.ts";

/** One call of a client, read as far as it concerns us. */
export interface AwsRequest {
  /** As in the scope of the signature: `ec2`, `dynamodb`, `sqs`, `s3`, `sts`. */
  readonly service: string;
  /** As in the scope of the signature. */
  readonly region: string;
  /** Whose call it is. Signatures are not checked: emulators do not either. */
  readonly accessKey: string;
  /** The operation by its name in the API, such as `PutItem`; S3's are told by method and path. */
  readonly action: string;
  /** Which attempt of the SDK this is, from 1. */
  readonly attempt: number;
  /** HTTP method. */
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** As they came; `host` is passed on as it is, because queue URLs are made of it. */
  readonly headers: IncomingHttpHeaders;
  /** The whole body. */
  readonly body: Buffer;
  /** Fires when the client has gone. */
  readonly gone: AbortSignal;
  /** The fault that a rule has chosen for this call. */
  readonly fault?: Fault;
}

/** What the client gets. */
export interface AwsAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Without `content-length`, which follows from the body. */
  readonly headers: OutgoingHttpHeaders;
  /** The whole body. */
  readonly body: Buffer;
}

/** Serves a call. Layers of the proxy wrap one another: each takes the next one and is one. */
export type Handle = (request: AwsRequest) => Promise<AwsAnswer>;

/** The body as JSON; `undefined` when it is none. */
export function jsonOf({ body }: { readonly body: Buffer }): JsonBody | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as JsonBody) : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in a JSON body; each reader checks what it needs. */
export type JsonBody = Readonly<Record<string, unknown>>;

/** The same with another JSON body. */
export function withJson<T extends AwsRequest | AwsAnswer>(exchange: T, value: JsonBody): T {
  return { ...exchange, body: Buffer.from(JSON.stringify(value)) };
}

/** The body as a form, as EC2's query protocol has it. */
export const formOf = ({ body }: AwsRequest): URLSearchParams =>
  new URLSearchParams(body.toString("utf8"));

/** The same call with another form. */
export function withForm(request: AwsRequest, form: URLSearchParams): AwsRequest {
  return { ...request, body: Buffer.from(form.toString()) };
}
