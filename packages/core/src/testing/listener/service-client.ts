import { Agent, request } from "node:http";

/** An answer of the runner service. `status` 0: nobody answered. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Speaks the protocol of `RUNNER-PROTOCOL.md` with the fake GitHub. */
export interface ServiceClient {
  call(method: string, path: string, body?: object, signal?: AbortSignal): Promise<ServiceAnswer>;
  close(): void;
}

const largestAnswer = 65_536;

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A client of the service at the URL. On node:http alone, because a listener has to start fast. */
export function createServiceClient(baseUrl: string): ServiceClient {
  const agent = new Agent({ keepAlive: true });
  return {
    call: (method, path, body, signal) =>
      new Promise((resolve) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const sent = request(
          `${baseUrl}${path}`,
          {
            method,
            agent,
            ...(signal && { signal }),
            headers:
              text === undefined
                ? {}
                : { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
          },
          (answer) => {
            let received = "";
            answer.setEncoding("utf8");
            answer.on("data", (chunk: string) => {
              if (received.length < largestAnswer) received += chunk;
            });
            answer.on("end", () =>
              resolve({ status: answer.statusCode ?? 0, body: parseBody(received) }),
            );
            answer.on("error", () => resolve({ status: 0, body: {} }));
          },
        );
        sent.on("error", () => resolve({ status: 0, body: {} }));
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}

/** Whether the answer says: try again later. */
export function isOutage({ status }: ServiceAnswer): boolean {
  return status === 0 || status >= 500;
}

/** The code of an error of the service. */
export function errorCodeOf({ body }: ServiceAnswer): string | undefined {
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error
    ? String(error.code)
    : undefined;
}
