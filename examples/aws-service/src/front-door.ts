/** What {@link createFrontDoor} needs. */
export interface FrontDoorOptions {
  /** Takes webhooks; absent in a process that takes none. */
  readonly handleWebhook?: (request: Request) => Promise<Response>;
  /** Whether the host is about to close its listener. */
  readonly isDraining: () => boolean;
}

const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

const answer = (status: number, body: object): Response =>
  new Response(`${JSON.stringify(body)}\n`, { status, headers });

/**
 * What the world may reach: `/webhooks/github`, `/healthz` (the process lives) and `/readyz` (503 while it drains). The pages are on
 * another port, because they ask for no credential.
 */
export function createFrontDoor(
  options: FrontDoorOptions,
): (request: Request) => Promise<Response> {
  const { handleWebhook, isDraining } = options;
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/webhooks/github" && handleWebhook !== undefined) {
      return handleWebhook(request);
    }
    if (pathname === "/healthz") return answer(200, { status: "ok" });
    if (pathname === "/readyz") {
      return isDraining() ? answer(503, { status: "draining" }) : answer(200, { status: "ready" });
    }
    return answer(404, { error: { code: "not-found", message: `Nothing is at ${pathname}` } });
  };
}
