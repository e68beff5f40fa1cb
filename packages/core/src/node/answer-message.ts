import type { IncomingMessage, ServerResponse } from "node:http";
import { errorResponse } from "../http/json-response.ts";
import type { Clock } from "../ports/clock.ts";
import { webRequest } from "./web-request.ts";
import { writeResponse } from "./write-response.ts";

/** What answering needs to know of its server. */
export interface AnsweringServer {
  readonly handler: (request: Request) => Promise<Response>;
  readonly origin: () => string;
  /** Whether connections are to end after the answer in hand. */
  readonly isClosing: () => boolean;
  readonly clock: Clock;
  /** How long the rest of a refused body is read and thrown away, milliseconds. */
  readonly lingerMs: number;
}

async function answerOf(server: AnsweringServer, request: Request | undefined): Promise<Response> {
  if (request === undefined) {
    return errorResponse(400, "bad-request", "The request line cannot be understood");
  }
  try {
    return await server.handler(request);
  } catch {
    return errorResponse(500, "internal", "The handler failed");
  }
}

/**
 * Ends a connection whose request was answered before it was read. Node reads on and throws away; ending at once would
 * make some senders miss the answer, reading for ever would let them keep us busy.
 */
async function linger(server: AnsweringServer, message: IncomingMessage): Promise<void> {
  const over = new AbortController();
  message.once("close", () => over.abort());
  try {
    await server.clock.sleep(server.lingerMs, over.signal);
    if (!message.complete) message.destroy();
  } catch {
    // Read to its end, or gone.
  }
}

/** Answers one request that node:http received. Never rejects. */
export async function answerMessage(
  server: AnsweringServer,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new Error("The client closed the connection"));
  });
  // A broken connection also raises an error here; the stream above has told its reader.
  message.on("error", () => undefined);
  response.on("error", () => undefined);
  const answer = await answerOf(server, webRequest(message, server.origin(), gone.signal));
  if (response.destroyed) {
    await answer.body?.cancel();
    return;
  }
  if (server.isClosing()) response.setHeader("connection", "close");
  const unread = !message.complete;
  await writeResponse(answer, response, gone.signal);
  if (unread && !message.destroyed) {
    message.resume();
    await linger(server, message);
  }
}
