import type { IncomingMessage } from "node:http";
import { requestBody } from "./request-body.ts";

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  const { rawHeaders } = message;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // Connection headers concern this hop alone.
    if (/^(connection|keep-alive|transfer-encoding|upgrade|expect)$/i.test(name)) continue;
    headers.append(name, rawHeaders[index + 1] ?? "");
  }
  return headers;
}

/**
 * A web-standard request for one that node:http received; `undefined` when there is none, as for a target that is no path
 * or a method that the standard forbids.
 */
export function webRequest(
  message: IncomingMessage,
  origin: string,
  signal: AbortSignal,
): Request | undefined {
  const target = message.url ?? "";
  if (!target.startsWith("/")) return undefined;
  try {
    const body = requestBody(message);
    return new Request(`${origin}${target}`, {
      method: message.method ?? "GET",
      headers: headersOf(message),
      signal,
      ...(body === undefined ? {} : { body, duplex: "half" }),
    });
  } catch {
    return undefined;
  }
}
