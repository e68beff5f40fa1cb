import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A job of the test. */
export interface TestJob {
  readonly id: string;
  readonly durationMs: number;
  readonly result: "succeeded" | "failed" | "cancelled";
  readonly scenario?: string;
}

/** A runner service that knows one fleet of runners and gives each at most one job. */
export interface RunnerService extends AsyncDisposable {
  readonly url: string;
  /** A registration for a runner that will get the job; without one it waits for ever. */
  mint(name: string, job?: TestJob): string;
  /** What happened, in order, such as `session rf-1`, `completed job-1 succeeded`. */
  readonly happened: readonly string[];
  /** The secret in every registration, for tests that look for it where it must not be. */
  readonly secret: string;
  /** Answers every call with 503 while true. */
  outage: boolean;
  /** Refuses the runners' version while true. */
  deprecated: boolean;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64");

/** Starts a runner service on a free port; it speaks the protocol of core's fake GitHub. */
export async function startRunnerService(): Promise<RunnerService> {
  const secret = "jit-secret-that-nobody-may-see";
  const happened: string[] = [];
  const jobs = new Map<string, TestJob | undefined>();
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const answer = (status: number, body?: object): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(body && JSON.stringify(body));
      };
      const body = text === "" ? {} : JSON.parse(text);
      const [, , , name = "", verb] = (request.url ?? "").split(/[/?]/);
      if (state.outage) return answer(503, { error: { code: "outage", message: "" } });
      if (request.method === "DELETE") {
        happened.push(`left ${name}`);
        return answer(204);
      }
      if (verb === undefined) {
        const outer = JSON.parse(Buffer.from(body.jitConfig, "base64").toString("utf8"));
        const runner = JSON.parse(Buffer.from(outer[".runner"], "base64").toString("utf8"));
        if (!jobs.has(runner.AgentName)) {
          return answer(404, { error: { code: "registration-gone", message: "" } });
        }
        happened.push(`session ${runner.AgentName}`);
        return answer(201, { sessionId: runner.AgentName, pollMs: 50_000 });
      }
      const job = jobs.get(name);
      if (verb === "message") {
        if (state.deprecated) {
          return answer(403, { error: { code: "runner-deprecated", message: "" } });
        }
        if (job === undefined) {
          request.socket.once("close", () => response.destroy());
          return;
        }
        happened.push(`assigned ${job.id}`);
        const facts = { name: `build ${job.id}`, repository: "acme/app", renewMs: 60_000 };
        return answer(200, { kind: "job", job: { ...facts, ...job } });
      }
      if (verb === "renew") return answer(200, { lockedUntilMs: 0, cancel: false });
      happened.push(`completed ${body.jobId} ${body.result}`);
      return answer(200, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const state = {
    url: `http://127.0.0.1:${port}`,
    happened,
    secret,
    outage: false,
    deprecated: false,
    mint: (name: string, job?: TestJob) => {
      jobs.set(name, job);
      return encode({
        ".runner": encode({ AgentId: 1, AgentName: name, ServerUrlV2: state.url }),
        ".credentials": encode({ scheme: "OAuth" }),
        ".credentials_rsaparams": encode({ d: secret }),
      });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}
