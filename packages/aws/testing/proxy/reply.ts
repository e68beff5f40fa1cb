import type { ServerResponse } from "node:http";
import type { AwsAnswer } from "./exchange.ts";

/** Sends the whole answer. */
export function reply(response: ServerResponse, answer: AwsAnswer): void {
  response.writeHead(answer.status, { "content-length": answer.body.length, ...answer.headers });
  response.end(answer.body);
}

/** Sends half of the answer, and breaks the connection. An answer without a body breaks at once. */
export function replyHalf(response: ServerResponse, answer: AwsAnswer): void {
  if (answer.body.length < 2) {
    breakOff(response);
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
  response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () =>
    response.socket?.destroy(),
  );
}

/** Breaks the connection as a crash would: the client sees ECONNRESET. */
export function breakOff(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
