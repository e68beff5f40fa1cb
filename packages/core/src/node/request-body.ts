import type { IncomingMessage } from "node:http";

/** Methods whose requests carry no body that anyone reads. */
const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * The body of a request as a web stream, read from the connection no faster than it is taken; `undefined` when there is
 * none. Cancelling it leaves the connection open, so that an answer can still be sent.
 */
export function requestBody(message: IncomingMessage): ReadableStream<Uint8Array> | undefined {
  const { headers, method } = message;
  if (bodiless.has(method ?? "")) return undefined;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) {
    return undefined;
  }
  const chunks = message.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
