import process from "node:process";
import { openShared } from "./adapters.ts";
import { createFrontDoor } from "./front-door.ts";
import { openIntake } from "./intake.ts";
import { createLog } from "./log.ts";
import { readSettings } from "./settings.ts";

/** A request as a function URL or an HTTP API hands it over, payload format 2.0. Source: Lambda guide, Function URLs. */
export interface LambdaRequest {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string };
    readonly domainName: string;
  };
}

/** The answer in the same format. */
export interface LambdaResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const hasNoBody: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** The request as the web platform has it: the signature is over these bytes exactly. */
export function requestOf(event: LambdaRequest): Request {
  const { rawPath, headers, body = "", isBase64Encoded, requestContext } = event;
  const { method } = requestContext.http;
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  const given = Object.entries(headers).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return new Request(`https://${requestContext.domainName}${rawPath}`, {
    method,
    headers: given,
    ...(hasNoBody.has(method) ? {} : { body: bytes }),
  });
}

/** The answer as Lambda wants it. */
export async function responseOf(response: Response): Promise<LambdaResponse> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** How old a catalog may be, milliseconds: between calls a function is frozen, so it looks when it is called. */
const refreshAfterMs = 60_000;

let opening: ReturnType<typeof open> | undefined;

async function open() {
  const read = readSettings("intake", process.env);
  if (!read.ok) throw new TypeError(read.problems.join("; "));
  const { intake: own } = read.settings;
  if (own === undefined) throw new TypeError("An intake needs its settings");
  const log = createLog("json");
  const intake = await openIntake(own, openShared(own, "lambda", log), log);
  const answer = createFrontDoor({ handleWebhook: intake.handleWebhook, isDraining: () => false });
  return { intake, answer, readAtMs: Date.now() };
}

/**
 * The intake as a function of Lambda: the environment is that of `--role intake`. It answers when the job is in the queue. What
 * cannot be opened fails the call, which GitHub is told as an error of the server, and the next call tries again.
 */
export async function handler(event: LambdaRequest): Promise<LambdaResponse> {
  opening ??= open();
  const opened = await opening.catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  if (Date.now() - opened.readAtMs > refreshAfterMs) {
    opened.readAtMs = Date.now();
    await opened.intake.refresh();
  }
  return responseOf(await opened.answer(requestOf(event)));
}
