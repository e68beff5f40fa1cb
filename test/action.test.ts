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

interface User {
  readonly login: string;
  readonly type: "Bot" | "User";
}

interface Comment {
  readonly id: number;
  body: string;
  readonly user: User | null;
}

const workflow: User = { login: "github-actions[bot]", type: "Bot" };
const app: User = { login: "planner[bot]", type: "Bot" };
const person: User = { login: "ana", type: "User" };
const stranger: User = { login: "eve", type: "User" };
const byToken = new Map([
  ["Bearer t0ken", workflow],
  ["Bearer of-an-app", app],
  ["Bearer of-ana", person],
]);
const marker = "<!-- runs-fleet plan -->";

/**
 * Comments of one pull request, as GitHub keeps them.
 *
 * @param mayChange - Whether a token may change comments of others than its own user.
 */
async function listen(comments: Comment[], mayChange = false) {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const { pathname } = new URL(request.url ?? "", "http://github.test");
    calls.push(`${request.method} ${pathname}`);
    const user = byToken.get(request.headers.authorization ?? "");
    const own = comments.find(
      ({ id }) => pathname === `/repos/acme/.github-private/issues/comments/${id}`,
    );
    const answer = (): unknown => {
      if (user === undefined) return undefined;
      // Installations have no user to tell of.
      if (pathname === "/user") return user.type === "User" ? user : undefined;
      if (request.method === "GET") return comments;
      const { body } = JSON.parse(text);
      if (request.method === "POST") comments.push({ id: comments.length + 1, body, user });
      else if (!own || !(mayChange || own.user?.login === user.login)) return undefined;
      else own.body = body;
      return {};
    };
    const answered = answer();
    if (answered === undefined) response.statusCode = 403;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answered ?? { message: "no" }));
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
      USUAL_TOKEN: "true",
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
    const comments: Comment[] = [{ id: 1, body: "somebody else's", user: stranger }];
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

  it.each([
    ["of the workflow", { GITHUB_TOKEN: "t0ken" }, workflow],
    ["of an App", { GITHUB_TOKEN: "of-an-app", USUAL_TOKEN: "false" }, app],
    ["of a person", { GITHUB_TOKEN: "of-ana", USUAL_TOKEN: "false" }, person],
  ])(
    "with a token %s changes its own comment, and none that others copied",
    async (_, env, user) => {
      const copies = [stranger, null, workflow, app, person].filter((one) => one !== user);
      for (const mayChange of [false, true]) {
        const comments: Comment[] = copies.map((one, index) => ({
          id: index + 1,
          body: `${marker}\ncopied`,
          user: one,
        }));
        const github = await listen(comments, mayChange);
        for (const hot of [4, 6]) {
          await write({ [file]: textOf(hot) });
          expect(await run({ GITHUB_API_URL: github.url, ...env })).toMatchObject({ code: 0 });
          expect(comments.map(({ user: author }) => author)).toEqual([...copies, user]);
          expect(comments.at(-1)?.body).toContain(`1 → ${hot}`);
        }
        for (const { body } of comments.slice(0, -1)) expect(body).toBe(`${marker}\ncopied`);
        github.close();
      }
    },
  );

  it("makes a comment anew where GitHub does not let it change what seems its own", async () => {
    const other: User = { login: "other[bot]", type: "Bot" };
    const comments: Comment[] = [{ id: 1, body: `${marker}\nof another App`, user: other }];
    const github = await listen(comments);
    await write({ [file]: textOf(4) });
    const env = { GITHUB_API_URL: github.url, GITHUB_TOKEN: "of-an-app", USUAL_TOKEN: "false" };
    expect(await run(env)).toMatchObject({ code: 0 });
    expect(comments.map(({ user }) => user)).toEqual([other, app]);
    expect(comments[0]?.body).toContain("of another App");
    expect(github.calls).toContain("PATCH /repos/acme/.github-private/issues/comments/1");
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
