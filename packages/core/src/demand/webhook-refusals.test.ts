import { describe, expect, it } from "vitest";
import { delivery, intake, jobBody, memoryDeliveries, secret } from "../../test/webhook-harness.ts";
import { signBody } from "./signature.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A body that arrives in pieces and tells no length; counts how many pieces were taken. */
function chunked(pieces: number, pieceBytes: number) {
  let taken = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken === pieces) return controller.close();
        taken += 1;
        controller.enqueue(new Uint8Array(pieceBytes).fill(32));
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken, cancelled: () => cancelled };
}

function streamed(body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}): Request {
  return new Request("http://fleet.test/webhooks/github", {
    method: "POST",
    body,
    duplex: "half",
    headers: { "content-type": "application/json", ...headers },
  });
}

const get = (method: string) => new Request("http://fleet.test/webhooks/github", { method });

describe("refused deliveries", () => {
  const badJson = encode('{"action":');
  const badText = new Uint8Array([0x22, 0xff, 0xfe, 0x22]);
  const truncated = encode(JSON.stringify(jobBody())).slice(0, -20);
  const whole = signBody(secret, JSON.stringify(jobBody()));

  it.each<[string, () => Request, number, string]>([
    ["a GET", () => get("GET"), 405, "method"],
    ["a PUT", () => get("PUT"), 405, "method"],
    [
      "a form",
      () => delivery("push", {}, { "Content-Type": "application/x-www-form-urlencoded" }),
      415,
      "content-type",
    ],
    ["no type", () => delivery("push", {}, { "Content-Type": undefined }), 415, "content-type"],
    [
      "a type that only looks like JSON",
      () => delivery("push", {}, { "Content-Type": "application/jsonp" }),
      415,
      "content-type",
    ],
    [
      "a declared length over the limit",
      () => delivery("push", {}, { "Content-Length": "26214401" }),
      413,
      "body-too-large",
    ],
    [
      "no signature",
      () => delivery("push", {}, { "X-Hub-Signature-256": undefined }),
      401,
      "signature-missing",
    ],
    [
      "a forged signature",
      () => delivery("push", {}, { "X-Hub-Signature-256": signBody("guess", "{}") }),
      401,
      "signature-invalid",
    ],
    [
      "a signature of SHA-1 length",
      () => delivery("push", {}, { "X-Hub-Signature-256": `sha1=${"0".repeat(40)}` }),
      401,
      "signature-invalid",
    ],
    [
      "a truncated body",
      () => delivery("workflow_job", truncated, { "X-Hub-Signature-256": whole }),
      401,
      "signature-invalid",
    ],
    [
      "a truncated body that was signed so",
      () => delivery("workflow_job", truncated),
      400,
      "invalid-json",
    ],
    ["a body that is no JSON", () => delivery("push", badJson), 400, "invalid-json"],
    ["a body that is no UTF-8", () => delivery("push", badText), 400, "invalid-json"],
    ["an empty body", () => delivery("push", new Uint8Array(0)), 400, "invalid-json"],
    [
      "no event name",
      () => delivery("push", {}, { "X-GitHub-Event": undefined }),
      400,
      "invalid-payload",
    ],
    [
      "no delivery id",
      () => delivery("push", {}, { "X-GitHub-Delivery": undefined }),
      400,
      "invalid-payload",
    ],
    [
      "a delivery id that is none",
      () => delivery("push", {}, { "X-GitHub-Delivery": "a b/../c" }),
      400,
      "invalid-payload",
    ],
    [
      "a job without an id",
      () => delivery("workflow_job", jobBody({ id: null })),
      400,
      "invalid-payload",
    ],
    [
      "a push without a repository",
      () => delivery("push", { ref: "refs/heads/main" }),
      400,
      "invalid-payload",
    ],
    ["JSON that is no object", () => delivery("workflow_job", [1, 2]), 400, "invalid-payload"],
  ])("%s", async (_, request, status, code) => {
    const { post, sent } = intake({ deliveries: memoryDeliveries() });
    const answer = await post(request());
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body).toEqual({ error: { code, message: expect.any(String) } });
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(sent).toEqual([]);
  });

  it("name the allowed method", async () => {
    const { post } = intake();
    expect((await post(get("GET"))).headers.get("allow")).toBe("POST");
  });

  it("leave a body over the limit unread, also when it tells no length", async () => {
    const { post } = intake({ maxBodyBytes: 10_000 });
    const body = chunked(1_000, 4_000);
    expect((await post(streamed(body.stream))).status).toBe(413);
    expect(body.taken()).toBe(3);
    expect(body.cancelled()).toBe(true);
  });

  it("do not believe a declared length that is too small", async () => {
    const { post } = intake({ maxBodyBytes: 10_000 });
    const body = chunked(1_000, 4_000);
    expect((await post(streamed(body.stream, { "content-length": "5" }))).status).toBe(413);
  });

  it("cover a connection that breaks in the middle of a body", async () => {
    const { post, sent } = intake();
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("reset")),
    });
    const answer = await post(streamed(broken));
    expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-payload"]);
    expect(sent).toEqual([]);
  });

  it("check in the documented order", async () => {
    const { post } = intake({ maxBodyBytes: 10 });
    const everythingWrong = {
      "Content-Type": "text/plain",
      "X-Hub-Signature-256": undefined,
      "X-GitHub-Event": undefined,
    };
    const codes: string[] = [];
    for (const change of [
      everythingWrong,
      { ...everythingWrong, "Content-Type": "application/json" },
    ]) {
      codes.push((await post(delivery("push", encode("not json at all"), change))).body.error.code);
    }
    expect(codes).toEqual(["content-type", "body-too-large"]);
  });
});
