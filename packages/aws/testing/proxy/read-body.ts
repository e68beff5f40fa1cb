import type { IncomingMessage } from "node:http";

/** More than any object of a test, bytes. */
const mostBytes = 64 * 1024 * 1024;

/** The whole body. Rejects with an Error when the client breaks off or sends more than we keep. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new Error(`A body of more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
