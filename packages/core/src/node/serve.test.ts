import { once } from "node:events";
import { request as clientRequest } from "node:http";
import { connect } from "node:net";
import { json, text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { delivery, intake, jobBody } from "../../test/webhook-harness.ts";
import { FleetError } from "../ports/failure.ts";
import { systemClock } from "../ports/system-clock.ts";
import { type ServeOptions, serveHttp } from "./serve.ts";

const serve = (handler: ServeOptions["handler"], options: Partial<ServeOptions> = {}) =>
  serveHttp({ handler, port: 0, ...options });

/** Sends raw bytes over one connection and returns all that comes back until it ends. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

const statusOf = (answer: string) => answer.split("\r\n")[0];

describe("serveHttp", () => {
  it("hands method, path, headers and body to the handler, and its answer back", async () => {
    await using server = await serve(async (request) => {
      const { pathname, search } = new URL(request.url);
      return new Response(
        [request.method, pathname, search, request.headers.get("x-one"), await request.text()].join(
          " ",
        ),
        {
          status: 201,
          headers: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
            ["x-two", "2"],
          ],
        },
      );
    });
    const answer = await fetch(`${server.url}/some/path?q=1`, {
      method: "POST",
      headers: { "X-One": "1" },
      body: "hello",
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-two")).toBe("2");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(await answer.text()).toBe("POST /some/path ?q=1 1 hello");
  });

  it("serves the webhook handler over a real connection", async () => {
    const { handle, sent } = intake();
    await using server = await serve(handle);
    const { headers } = delivery("workflow_job", jobBody());
    const body = JSON.stringify(jobBody());
    const answer = await fetch(server.url, { method: "POST", headers, body });
    expect([answer.status, await answer.json()]).toEqual([202, { status: "accepted" }]);
    expect(sent).toHaveLength(1);
  });

  it("answers 413 to a sender that would send without end, and cuts it off", async () => {
    const { handle } = intake({ maxBodyBytes: 100_000 });
    let cutOff: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      cutOff = resolve;
    });
    // The wait for the rest of the body ends when this test says so.
    const clock = { ...systemClock, sleep: () => waiting };
    await using server = await serve(handle, { clock });
    const sender = clientRequest(server.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    let stopped = false;
    sender.on("error", () => undefined);
    const pump = (): void => {
      if (stopped) return;
      if (sender.write(Buffer.alloc(64_000))) setImmediate(pump);
      else sender.once("drain", pump);
    };
    pump();
    const [answer] = await once(sender, "response");
    expect(answer.statusCode).toBe(413);
    expect((await json(answer)) as unknown).toMatchObject({ error: { code: "body-too-large" } });
    // The cut shows as a reset while writing, so an error is as good an end as any.
    const cut = new Promise<void>((resolve) => {
      sender.once("close", resolve);
    });
    cutOff();
    await cut;
    stopped = true;
  });

  it("keeps the connection for the next request after a refused body was read to its end", async () => {
    await using server = await serve(async () => new Response("refused", { status: 413 }));
    const answers = await raw(
      server.url,
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello" +
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi",
    );
    expect(answers.match(/HTTP\/1\.1 413/g)).toHaveLength(2);
  });

  it("aborts the request's signal when the client hangs up", async () => {
    let tell: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => {
      tell = resolve;
    });
    let arrived: () => void = () => undefined;
    const inHand = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await using server = await serve(async (request) => {
      arrived();
      await once(request.signal, "abort");
      tell();
      return new Response("nobody reads this");
    });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await inHand;
    socket.destroy();
    await hungUp;
  });

  it("does not abort the signal of a request that was answered", async () => {
    let signal: AbortSignal | undefined;
    await using server = await serve(async (request) => {
      signal = request.signal;
      return new Response("fine");
    });
    await (await fetch(server.url)).text();
    await server.close();
    expect(signal?.aborted).toBe(false);
  });

  it("sends answers no faster than they are read", async () => {
    let produced = 0;
    await using server = await serve(async () => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          produced += 1;
          controller.enqueue(new Uint8Array(1_000_000));
        },
      });
      return new Response(body);
    });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(socket, "readable");
    // Reads nothing: what the system buffers is all that is produced.
    let before = -1;
    while (before !== produced) {
      before = produced;
      for (let turn = 0; turn < 50; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
    }
    expect(produced).toBeLessThan(50);
    socket.destroy();
  });

  it("answers 500 when the handler fails, without its words", async () => {
    await using server = await serve(async () => {
      throw new Error("secret detail");
    });
    const answer = await fetch(server.url);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      error: { code: "internal", message: "The handler failed" },
    });
  });

  it.each([
    [
      "a target that is no path",
      "GET http://elsewhere/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      "HTTP/1.1 400 Bad Request",
    ],
    [
      "a method that the web forbids",
      "TRACE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      "HTTP/1.1 400 Bad Request",
    ],
    ["no HTTP", "hello there\r\n\r\n", "HTTP/1.1 400 Bad Request"],
    [
      "headers over the limit",
      `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"y".repeat(20_000)}\r\n\r\n`,
      "HTTP/1.1 431 Request Header Fields Too Large",
    ],
  ])("refuses %s", async (_, bytes, expected) => {
    await using server = await serve(async () => new Response("fine"));
    expect(statusOf(await raw(server.url, bytes))).toBe(expected);
  });

  it("does not take a path that begins with two slashes for a host", async () => {
    await using server = await serve(
      async (request) => new Response(new URL(request.url).pathname),
    );
    expect(
      await raw(server.url, "GET //evil/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
    ).toContain("//evil/x");
  });

  it("ends a request that never ends", async () => {
    await using server = await serve(async (request) => new Response(await request.text()), {
      requestTimeoutMs: 200,
      headersTimeoutMs: 100,
    });
    const unfinished = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc";
    expect(statusOf(await raw(server.url, unfinished))).toBe("HTTP/1.1 408 Request Timeout");
    expect(statusOf(await raw(server.url, "GET / HTTP/1.1\r\nho"))).toBe(
      "HTTP/1.1 408 Request Timeout",
    );
  });

  it("answers what is in hand before it closes, and takes nothing new", async () => {
    let arrived: () => void = () => undefined;
    let release: () => void = () => undefined;
    const inHand = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await using server = await serve(async () => {
      arrived();
      await gate;
      return new Response("done");
    });
    const answer = fetch(server.url);
    await inHand;
    const closed = server.close();
    await expect(fetch(server.url)).rejects.toThrow();
    release();
    expect(await (await answer).text()).toBe("done");
    expect((await answer).headers.get("connection")).toBe("close");
    await closed;
  });

  it("cuts off what is not answered within the grace", async () => {
    await using server = await serve(() => new Promise(() => undefined));
    const answer = fetch(server.url).catch(() => "cut off");
    await new Promise((resolve) => setImmediate(resolve));
    await server.close(50);
    expect(await answer).toBe("cut off");
  });

  it("says in words that the port is taken", async () => {
    await using server = await serve(async () => new Response());
    const port = Number(new URL(server.url).port);
    const failure = await serveHttp({ handler: async () => new Response(), port }).catch(
      (error: unknown) => error,
    );
    expect(FleetError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({
      kind: "config",
      retryable: false,
      message: `Cannot listen on port ${port} of 127.0.0.1: something else listens there. End it, or choose another port`,
    });
  });

  it.each([
    { port: -1 },
    { port: 70_000 },
    { port: 1.5 },
    { requestTimeoutMs: 0 },
    { maxConnections: Number.NaN },
  ])("refuses %j", async (options) => {
    await expect(serve(async () => new Response(), options)).rejects.toThrow(RangeError);
  });
});
