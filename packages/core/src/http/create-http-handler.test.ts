import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samplePools } from "../../test/sample-pools.ts";
import { busyStatus, emptyStatus, sampleNowMs, troubledStatus } from "../../test/sample-status.ts";
import type { Decision, FleetStatus, JobStatus } from "../fleet/status.ts";
import type { Orchestrator } from "../orchestrator-port.ts";
import type { CauseCode } from "../ports/cause.ts";
import type { Catalog } from "../routing/catalog.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createHttpHandler, type HttpHandlerOptions } from "./create-http-handler.ts";
import { adviceByCause } from "./page/advice.ts";

function site(
  status: FleetStatus | (() => Promise<FleetStatus>) = busyStatus(),
  options: Partial<HttpHandlerOptions> = {},
) {
  const unused = async (): Promise<never> => {
    throw new Error("Not for HTTP");
  };
  const read = typeof status === "function" ? status : async () => status;
  let looks = 0;
  const orchestrator: Orchestrator = {
    start: unused,
    stop: unused,
    status: read,
    pools: async () => samplePools(sampleNowMs).map(({ detail }) => detail),
    explain: async (subject) =>
      [...(await read()).decisions]
        .reverse()
        .filter((decision) =>
          Object.entries(subject).every(
            ([key, id]) => decision.subject[key as keyof Decision["subject"]] === id,
          ),
        ),
    configuration: async () => {
      const { configuration: standing } = await read();
      return { catalog: sampleCatalog, ...(standing === undefined ? {} : { standing }) };
    },
    refreshConfiguration: async () => {
      looks += 1;
      await Promise.resolve();
      return { kind: "unchanged", version: sampleCatalog.version, looks };
    },
    handleWebhook: async (request) => new Response(`webhook ${request.method}`, { status: 202 }),
  };
  let nonces = 0;
  const uuid = (): string => {
    nonces += 1;
    return `nonce-${nonces}`;
  };
  const entropy = { uuid, random: () => 0 };
  const handle = createHttpHandler({
    orchestrator,
    clock: createVirtualClock(sampleNowMs),
    entropy,
    ...options,
  });
  return async (path: string, method = "GET", headers: Readonly<Record<string, string>> = {}) => {
    const response = await handle(new Request(`http://fleet.test${path}`, { method, headers }));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

const sampleCatalog: Catalog = {
  version: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["us-east-1"] }],
  pools: [],
  images: [],
  policies: [],
};

const codeOf = (text: string): unknown => JSON.parse(text).error.code;

describe("the configuration", () => {
  const source = "acme/.github-private/.github/runs-fleet.yml";
  const commit = "1d0e6f3b8a8f2f0f4f6f6bb0e6ab5cbd8f5d3f10";

  it("is told as JSON, with how things stand with its source", async () => {
    const standing = { source, applied: { version: "v1", atMs: 1 } };
    const { status, text } = await site({ ...busyStatus(), configuration: standing })("/config");
    expect([status, JSON.parse(text)]).toEqual([200, { catalog: sampleCatalog, standing }]);
    expect(JSON.parse((await site()("/config")).text)).toEqual({ catalog: sampleCatalog });
  });

  it("is looked at anew when a program asks, once for all who ask meanwhile; no form of a page can", async () => {
    const ask = site();
    const json = { "content-type": "application/json" };
    const [one, other] = await Promise.all([
      ask("/config/refresh", "POST", json),
      ask("/config/refresh", "POST", json),
    ]);
    expect(JSON.parse(one.text)).toMatchObject({ outcome: { kind: "unchanged", looks: 1 } });
    expect(other.text).toBe(one.text);
    expect(JSON.parse((await ask("/config/refresh", "POST", json)).text).outcome.looks).toBe(2);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask("/config/refresh", "POST", form)).status).toBe(415);
    expect((await ask("/config/refresh")).status).toBe(405);
  });

  it("stands on the page when it was refused, with the reasons, and when its source cannot be read", async () => {
    const rejected = {
      version: "9b7c3f0000000000000000000000000000000000",
      commit,
      atMs: sampleNowMs - 90_000,
      problems: ["runs-fleet.yml:3:7: There is no runner <b>std</b>"],
      more: 2,
    };
    const cause = { code: "not-found", message: "The file is gone" } as const;
    const alert = { cause, sinceMs: sampleNowMs - 60_000 };
    const page = async (configuration: FleetStatus["configuration"]): Promise<string> =>
      (await site({ ...busyStatus(), ...(configuration ? { configuration } : {}) })("/")).text;
    const refused = Array.from({ length: 7 }, (_, index) => ({
      repository: `acme/app-${index}`,
      problem: "runs-fleet.yml:2:11: There is no key <i>maxCpus</i>",
    }));
    const narrowed = await page({ source, repositories: { narrowed: 1, refused, more: 30 } });
    expect(narrowed).toContain("37 repositories have a refused file");
    expect(narrowed).toContain("acme/app-4: runs-fleet.yml:2:11: There is no key &lt;i&gt;");
    expect(narrowed).not.toContain("acme/app-5");
    expect(narrowed).toContain("and 32 more");
    const sound = await page({ source, repositories: { narrowed: 1, refused: [], more: 0 } });
    expect(sound).not.toContain("refused file");
    const both = await page({ source, rejected, alert });
    expect(both).toContain("The latest version is refused");
    expect(both).toContain("There is no runner &lt;b&gt;std&lt;/b&gt;");
    expect(both).toContain("and 2 problems more");
    expect(both).toContain("The file is gone");
    expect(both).toContain("tone-attention");
    expect(await page({ source, applied: { version: "v1", atMs: 1 } })).not.toContain(
      'id="configuration"',
    );
    expect(await page(undefined)).not.toContain('id="configuration"');
  });
});

describe("endpoints for machines", () => {
  it("hand webhooks to the orchestrator, whatever the method", async () => {
    const get = site();
    expect(await get("/webhooks/github", "POST")).toMatchObject({
      status: 202,
      text: "webhook POST",
    });
    expect((await get("/webhooks/github")).text).toBe("webhook GET");
  });

  it("say that the process lives even when the orchestrator is stuck", async () => {
    const get = site(() => Promise.reject(new Error("stuck")));
    expect((await get("/healthz")).status).toBe(200);
    for (const path of ["/readyz", "/status"]) {
      const answer = await get(path);
      expect([answer.status, codeOf(answer.text)]).toEqual([503, "unavailable"]);
    }
  });

  it("are ready as controller and as standby, and not while draining", async () => {
    const status = busyStatus();
    expect((await site(status)("/readyz")).status).toBe(200);
    expect((await site({ ...status, role: "standby" })("/readyz")).status).toBe(200);
    expect((await site({ ...status, role: "draining" })("/readyz")).status).toBe(503);
    expect((await site(status, { isDraining: () => true })("/readyz")).status).toBe(503);
  });

  it("answer the status as it is", async () => {
    const answer = await site()("/status");
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(JSON.parse(answer.text)).toEqual(busyStatus());
  });

  it("explain a job, a pool or a machine", async () => {
    const status = busyStatus();
    const [job] = status.jobs.filter(({ id }) =>
      status.decisions.some(({ subject }) => subject.jobId === id),
    );
    const answer = JSON.parse((await site(status)(`/status?job=${job?.id}`)).text);
    expect(answer).toMatchObject({ subject: { jobId: job?.id }, job: { id: job?.id } });
    expect(answer.decisions.map((decision: Decision) => decision.code)).toEqual(["assign"]);
    const pool = JSON.parse((await site(status)("/status?pool=linux-arm")).text);
    expect(pool.pool.name).toBe("linux-arm");
    expect(pool.decisions.length).toBeGreaterThan(1);
    expect(pool.history.points.at(-1)).toMatchObject({ target: 25, stoppedTarget: 40 });
    expect((await site(status)("/status")).text).not.toContain("sinceMs");
  });

  it.each([
    ["/status?job=404", 404, "not-found"],
    ["/status?job=", 400, "invalid-subject"],
    [`/status?pool=${"x".repeat(600)}`, 400, "invalid-subject"],
    ["/nothing", 404, "not-found"],
    ["/jobs/", 404, "not-found"],
    ["/jobs/%E0%A4%A", 404, "not-found"],
    ["/jobs/a/b", 404, "not-found"],
    ["/pools/", 404, "not-found"],
    ["/pools/%E0%A4%A", 404, "not-found"],
  ])("refuse %s", async (path, status, code) => {
    const answer = await site()(path);
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it.each(["/", "/status", "/healthz", "/readyz", "/jobs/1", "/pools/linux-arm"])(
    "allow only reading at %s",
    async (path) => {
      const answer = await site()(path, "POST");
      expect([answer.status, codeOf(answer.text), answer.headers.get("allow")]).toEqual([
        405,
        "method",
        "GET, HEAD",
      ]);
      const head = await site()(path, "HEAD");
      expect([head.text, head.status === 405]).toEqual(["", false]);
    },
  );

  it("need an orchestrator", () => {
    expect(() => createHttpHandler({} as HttpHandlerOptions)).toThrow(TypeError);
  });
});

describe("the page", () => {
  it("begins with the one sentence", async () => {
    for (const status of [busyStatus(), troubledStatus(), emptyStatus()]) {
      const { text } = await site(status)("/");
      expect(text).toContain(`<h1 id="headline">${status.headline}</h1>`);
    }
  });

  it("names cause and next step of each late or refused job, and of no other", async () => {
    const { text } = await site(troubledStatus())("/");
    expect(text.match(/<li class="issue/g)).toHaveLength(4);
    for (const code of ["labels-invalid", "pool-limit", "no-policy"] as const) {
      expect(text).toContain(adviceByCause[code].title);
      expect(text).toContain(adviceByCause[code].next.replaceAll("'", "&#39;"));
    }
    expect(text).toContain("Later than usual");
    expect((await site(busyStatus())("/")).text).not.toContain("Needs attention</h2>");
  });

  it("shows pools, machines, decisions and jobs", async () => {
    const status = busyStatus();
    const { text } = await site(status)("/");
    for (const { name, words } of status.pools) {
      expect(text).toContain(`<h3><a href="/pools/${name}">${name}</a></h3>`);
      expect(text).toContain(words.now);
      expect(text).toContain(words.next);
    }
    for (const { id } of status.machines) expect(text).toContain(id);
    for (const { message } of status.decisions) expect(text).toContain(message);
    for (const { id } of status.jobs.slice(0, 20)) expect(text).toContain(`href="/jobs/${id}"`);
    expect(text).toContain("20 of 42");
  });

  it("says in words what is not there", async () => {
    const { text } = await site(emptyStatus())("/");
    for (const words of ["No pools.", "No jobs yet.", "No machines.", "Nothing was decided yet."]) {
      expect(text).toContain(words);
    }
  });

  it("comes as a fragment that is the same as within the page", async () => {
    const get = site(troubledStatus());
    const fragment = await get("/?fragment");
    expect(fragment.text.startsWith('<div class="stack"')).toBe(true);
    expect((await get("/")).text).toContain(fragment.text);
  });

  it("runs and loads nothing but its own script and style", async () => {
    for (const path of ["/", `/jobs/${busyStatus().jobs[0]?.id}`, "/pools/linux-arm"]) {
      const { text, headers } = await site()(path);
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'nonce-nonce-1'");
      expect(policy).not.toContain("unsafe");
      expect(text.match(/<(script|style)[^>]*>/g)).toEqual([
        '<style nonce="nonce-1">',
        '<script nonce="nonce-1">',
      ]);
      expect(text).not.toMatch(/\s(style|on\w+)="/);
      expect(text).not.toMatch(/https?:\/\//);
    }
  });

  it("carries the host's notice, asked for anew each time, and nowhere else than on pages", async () => {
    let asked = 0;
    const get = site(busyStatus(), { notice: () => `Rehearsal ${++asked} <b>` });
    for (const path of ["/", "/?fragment", "/jobs/1", `/jobs/${busyStatus().jobs[0]?.id}`]) {
      const { text } = await get(path);
      expect(text).toContain(`<p class="notice" role="note">Rehearsal ${asked} &lt;b&gt;</p>`);
    }
    expect(asked).toBe(4);
    expect((await get("/status")).text).not.toContain("Rehearsal");
    const without = await site(busyStatus(), { notice: () => undefined })("/");
    expect(without.text).not.toContain('class="notice"');
  });

  it("uses a fresh nonce for each answer", async () => {
    const get = site();
    const policies = [await get("/"), await get("/")].map(({ headers }) =>
      headers.get("content-security-policy"),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });

  it("keeps trying while the orchestrator cannot tell its state", async () => {
    const answer = await site(() => Promise.reject(new Error("stuck")))("/");
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("cannot tell its state");
    expect(answer.text).toContain("<script");
  });

  it.each(["/", "/pools/linux-arm"])(
    "gives names to all tables and regions of %s",
    async (path) => {
      const { text } = await site(troubledStatus())(path);
      const all = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      const ids = new Set(all);
      expect(all).toHaveLength(ids.size);
      for (const [, id] of text.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g)) {
        expect(ids).toContain(id);
      }
      const tables = text.match(/<table/g)?.length ?? 0;
      expect(text.match(/<thead><tr><th scope="col"/g)).toHaveLength(tables);
      expect(text).toMatch(/<main id="content"/);
      expect(text).toMatch(/<html lang="en">/);
    },
  );
});

describe("the page of a job", () => {
  it("draws its way and tells why, oldest first", async () => {
    const status = busyStatus();
    const job = status.jobs[1] as JobStatus;
    const { text, status: code } = await site(status)(`/jobs/${job.id}`);
    expect(code).toBe(200);
    for (const words of ["Its way", "Queue", "Machine", "so far", "got a hot machine"])
      expect(text).toContain(words);
    expect(text.match(/class="bar lane"/g)).toHaveLength(Object.keys(job.waitsMs).length);
  });

  it("exists for a job of which only decisions are left", async () => {
    const status = busyStatus();
    const subject = { jobId: "17" };
    const decisions = [{ atMs: 1, code: "retired", message: "It ended long ago", subject }];
    const answer = await site({ ...status, decisions })("/jobs/17");
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("It ended long ago");
  });

  it("is a page too when nobody knows the job", async () => {
    const answer = await site()("/jobs/%3Cscript%3E");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.text).toContain("&lt;script&gt;");
  });
});

describe("words from outside", () => {
  const hostile = `"'\`><img src=x onerror=alert(1)></script><script>alert(1)</script>&`;
  const spoiled = (value: unknown): unknown => {
    if (typeof value === "string") return hostile;
    if (Array.isArray(value)) return value.map(spoiled);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        key === "state" || key === "role" ? part : spoiled(part),
      ]),
    );
  };

  it("never become markup, wherever they stand", async () => {
    for (const state of ["queued", "running", "failed"] as const) {
      const status = spoiled(troubledStatus()) as FleetStatus;
      const jobs = status.jobs.map((job) => ({
        ...job,
        state,
        waitsMs: { ...job.waitsMs, [hostile]: 5 },
      }));
      for (const path of ["/", `/jobs/${encodeURIComponent(hostile)}`]) {
        const { text } = await site({ ...status, jobs })(path);
        expect(text).toContain("&lt;img");
        expect(text).not.toContain("<img");
        expect(text.match(/<script/g)).toHaveLength(1);
      }
    }
  });

  it("may be of any code: there is advice for every cause, and for those of newer versions", async () => {
    const codes = [...Object.keys(adviceByCause), "from-the-future", "constructor", "__proto__"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...codes), async (code) => {
        const status = troubledStatus();
        const jobs = status.jobs.map((job) => ({
          ...job,
          cause: { code: code as CauseCode, message: "m" },
        }));
        const { text, status: answer } = await site({ ...status, jobs })("/");
        expect(answer).toBe(200);
        expect(text).toContain("Next</span> ");
      }),
      { numRuns: 40 },
    );
  });
});
