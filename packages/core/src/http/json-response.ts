/** Headers that every answer of ours carries: nothing is cached, nothing is sniffed. */
export const commonHeaders = Object.freeze({
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
});

/** A JSON answer. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...commonHeaders, "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** An error answer: `{"error":{"code","message"}}`. Codes are stable, messages are for people. */
export function errorResponse(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Response {
  return jsonResponse(status, { error: { code, message } }, headers);
}
