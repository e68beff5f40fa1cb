import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** Sends an answer, no faster than the other side takes it. Resolves when it is handed over or the other side is gone. */
export async function writeResponse(
  answer: Response,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const cookies = answer.headers.getSetCookie();
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(answer.status);
  if (answer.body === null) {
    response.end();
    return;
  }
  const reader = answer.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (signal.aborted) return;
      if (!response.write(value)) await once(response, "drain", { signal });
    }
    response.end();
  } catch {
    // Half an answer must not look like a whole one.
    response.destroy();
  } finally {
    if (!response.writableEnded) reader.cancel().catch(() => undefined);
  }
}
