import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../action/plan.mjs", import.meta.url));
/** The built command line, in place of the published package. */
const cli = fileURLToPath(new URL("../packages/config/dist/main/runs-fleet.js", import.meta.url));
const file = ".github/runs-fleet.yml";
const textOf = (hot: number): string => `version: 1
include: [web.yml]
environments: { ci: { regions: [us-east-1] } }
pools: { linux: { default: { hot: ${hot} }, limits: { machines: 9 } } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;

interface Comment {
  readonly id: number;
  body: string;
}

/** Comments of one pull request, as GitHub keeps them. */
async function listen(comments: Comment[]) {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const { pathname } = new URL(request.url ?? "", "http://github.test");
    calls.push(`${request.method} ${pathname}`);
    const refuse = request.headers.authorization !== "Bearer t0ken";
    const own = comments.find(
      ({ id }) => pathname === `/repos/acme/.github-private/issues/comments/${id}`,
    );
    if (refuse) response.statusCode = 403;
    else if (request.method === "PATCH" && own) own.body = JSON.parse(text).body;
    else if (request.method === "POST")
      comments.push({ id: comments.length + 1, body: JSON.parse(text).body });
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(refuse ? { message: "no" } : request.method === "GET" ? comments : {}),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has a port");
  return { url: `http://127.0.0.1:${address.port}`, calls, close: () => server.close() };
}

let directory: string;
let base: string;
const git = (...args: readonly string[]): string =>
  execFileSync(
    "git",
    ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  ).trim();

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-action-"));
  git("init", "-q");
  await write({
    [file]: textOf(1),
    ".github/web.yml": "pools: { web: { limits: { machines: 3 } } }\n",
  });
  git("add", "-A");
  git("commit", "-qm", "Base");
  base = git("rev-parse", "HEAD");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(variables: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [program], {
    cwd: directory,
    env: {
      PATH: process.env["PATH"],
      FILE: file,
      RUNS_FLEET_CLI: cli,
      BASE_SHA: base,
      PULL_REQUEST: "7",
      GITHUB_REPOSITORY: "acme/.github-private",
      GITHUB_TOKEN: "t0ken",
      GITHUB_STEP_SUMMARY: join(directory, "summary.md"),
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    out += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out };
}

describe("the Action", { timeout: 60_000 }, () => {
  it("comments what the pull request changes, and changes that comment the next time", async () => {
    const comments: Comment[] = [{ id: 1, body: "somebody else's" }];
    const github = await listen(comments);
    await write({ [file]: textOf(4) });
    expect(await run({ GITHUB_API_URL: github.url })).toMatchObject({ code: 0 });
    expect(comments[1]?.body).toContain("pools.linux.schedule.default.hot | 1 → 4");
    // What the file includes is compared as well, and did not change.
    expect(comments[1]?.body).not.toContain("web");
    await write({ [file]: textOf(6) });
    expect(await run({ GITHUB_API_URL: github.url })).toMatchObject({ code: 0 });
    expect(comments.length).toBe(2);
    expect(comments[1]?.body).toContain("1 → 6");
    expect(comments[0]?.body).toBe("somebody else's");
    expect(await readFile(join(directory, "summary.md"), "utf8")).toContain("1 → 6");
    github.close();
  });

  it("annotates what is wrong, says so in the comment, and fails", async () => {
    const comments: Comment[] = [];
    const github = await listen(comments);
    await write({ [file]: textOf(4).replace("hot:", "hott:") });
    const { code, out } = await run({ GITHUB_API_URL: github.url });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=\.github\/runs-fleet\.yml,line=4,/m);
    expect(comments[0]?.body).toContain("did you mean hot?");
    github.close();
  });

  it("needs no right to comment when it is not to, and says what is missing when it is", async () => {
    const github = await listen([]);
    await write({ [file]: textOf(4) });
    expect(await run({ GITHUB_API_URL: github.url, COMMENT: "false" })).toMatchObject({ code: 0 });
    expect(github.calls).toEqual([]);
    const { code, out } = await run({ GITHUB_API_URL: github.url, GITHUB_TOKEN: "another" });
    expect(code).not.toBe(0);
    expect(out).toContain("pull-requests: write");
    expect(out).not.toContain("another");
    github.close();
  });
});
