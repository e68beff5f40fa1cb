import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { systemClock, systemEntropy } from "@runs-fleet/core";
import { createFakeGitHub } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCliProgram, type CliProgram } from "./cli-program.ts";

const hourMs = 3_600_000;
let program: CliProgram;

beforeAll(async () => {
  program = await buildCliProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

/** What a proxy does with a call instead of passing its answer on. */
type Fault = (response: ServerResponse, body: string, headers: Headers) => void;

const faults: readonly Fault[] = [
  (response) => response.writeHead(429, { "retry-after": "1" }).end('{"message":"slow down"}'),
  (response) =>
    response
      .writeHead(403, { "retry-after": "1" })
      .end('{"message":"You have exceeded a secondary rate limit."}'),
  (response) => response.writeHead(502).end("<html>Bad gateway</html>"),
  // Half of the body that was announced, and then nothing: the connection breaks.
  (response, body) => {
    response.writeHead(200, { "content-length": String(Buffer.byteLength(body)) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  },
  (response) => response.destroy(),
  (response, body, headers) => {
    setTimeout(() => response.writeHead(200, Object.fromEntries(headers)).end(body), 700);
  },
];

/** The fake behind a proxy that does something else at the calls that `faultAt` names. */
async function serve(
  github: ReturnType<typeof createFakeGitHub>,
  faultAt: ReadonlyMap<number, Fault>,
  onCall: (calls: number) => void = () => undefined,
) {
  const fake = await github.listen();
  let calls = 0;
  const proxy = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      calls += 1;
      onCall(calls);
      const fault = faultAt.get(calls);
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (typeof value === "string" && name !== "host") headers.set(name, value);
      }
      const answer = await fetch(`${fake.url}${request.url}`, { headers });
      const body = await answer.text();
      const kept = new Headers(answer.headers);
      for (const name of ["transfer-encoding", "content-length", "connection", "keep-alive"]) {
        kept.delete(name);
      }
      if (fault !== undefined) fault(response, body, kept);
      else response.writeHead(answer.status, Object.fromEntries(kept)).end(body);
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}

function recorded(runs: number) {
  const github = createFakeGitHub({
    clock: systemClock,
    entropy: systemEntropy,
    limits: { corePerHour: false },
  });
  const ids: string[] = [];
  const beganMs = Math.floor(systemClock.now() / 1_000) * 1_000 - 48 * hourMs;
  for (let index = 0; index < runs; index += 1) {
    const queuedAtMs = beganMs + index * 1_000;
    const times = {
      queuedAtMs,
      startedAtMs: queuedAtMs + 1_000,
      completedAtMs: queuedAtMs + 9_000,
    };
    const { jobIds } = github.recordRun({
      ...{ repository: index % 2 === 0 ? "acme/app" : "acme/web", createdAtMs: queuedAtMs },
      jobs: [{ labels: ["linux"], ...times }],
    });
    ids.push(...jobIds);
  }
  return { github, ids, token: github.readToken("acme") };
}

async function idsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(join(program.directory, file), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { readonly id: string }).id);
}

describe("runs-fleet jobs export as a process, over HTTP", () => {
  it("gets over limits, a 502, cut bodies, broken connections and slow answers", async () => {
    const { github, ids, token } = recorded(12);
    await using _ = github;
    await using server = await serve(
      github,
      new Map(faults.map((fault, index) => [2 + index * 3, fault])),
    );
    const args = [
      "jobs",
      "export",
      "--org",
      "acme",
      "--api-url",
      server.url,
      "-o",
      "faults.ndjson",
    ];
    const { code, out, err } = await program.run(args, { GITHUB_TOKEN: token });
    expect({ code, err: err.includes("error[") }).toEqual({ code: 0, err: false });
    expect(server.calls()).toBeGreaterThanOrEqual(20);
    expect([...(await idsIn("faults.ndjson"))].sort()).toEqual([...ids].sort());
    expect(out + err).not.toContain(token);
  });

  it("loses nothing and writes nothing twice, killed again and again", async () => {
    const { github, ids, token } = recorded(300);
    await using _ = github;
    let killAt = 0;
    let kill = new AbortController();
    await using server = await serve(github, new Map(), (calls) => {
      if (calls === killAt) kill.abort();
    });
    const args = [
      "jobs",
      "export",
      "--org",
      "acme",
      "--api-url",
      server.url,
      "-o",
      "killed.ndjson",
    ];
    const env = { GITHUB_TOKEN: token };
    // While lists are read, within and between batches, and at once again.
    for (const more of [2, 4, 60, 1, 101, 37]) {
      kill = new AbortController();
      killAt = server.calls() + more;
      const { code } = await program.run([...args, "--quiet"], env, kill.signal);
      expect(code).toBeNull();
    }
    killAt = 0;
    const { code, err } = await program.run(args, env);
    expect(err).not.toContain("error[");
    expect(code).toBe(0);
    const found = await idsIn("killed.ndjson");
    expect(new Set(found).size).toBe(found.length);
    expect([...found].sort()).toEqual([...ids].sort());
  });
});
