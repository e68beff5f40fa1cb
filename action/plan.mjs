// What action.yml runs: check, plan, and a comment on the pull request that the next run changes.
import { spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import process from "node:process";

/** By which the comment is found again. */
const marker = "<!-- runs-fleet plan -->";
/** Whoever comments by the token that a workflow has by itself. */
const workflowsUser = "github-actions[bot]";
/** GitHub takes 65,536 characters. */
const longestComment = 65_000;

const { env } = process;
const {
  FILE: file = ".github/runs-fleet.yml",
  VERSION: version = "latest",
  URL: url = "",
  RATES: rates = "",
  COMMENT: comment = "true",
  BASE_SHA: base = "",
  PULL_REQUEST: pullRequest = "",
  GITHUB_API_URL: api = "https://api.github.com",
  GITHUB_REPOSITORY: repository = "",
  GITHUB_TOKEN: token = "",
  USUAL_TOKEN: isUsualToken = "",
  GITHUB_STEP_SUMMARY: summary,
  RUNS_FLEET_CLI: cli = "",
} = env;

process.exitCode = await main();

async function main() {
  const checked = await runsFleet(["check", "--format", "github", file]);
  process.stdout.write(checked.out);
  process.stderr.write(checked.err);
  if (checked.code === 2) return 2;
  const home = await mkdtemp(join(tmpdir(), "runs-fleet-plan-"));
  try {
    const text = checked.code === 1 ? await problems() : await plan(home);
    if (text === undefined) return 2;
    if (summary) await appendFile(summary, `${text}\n`);
    if (comment === "true" && pullRequest !== "") await say(text);
    return checked.code;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What is wrong, for people. */
async function problems() {
  const { out } = await runsFleet(["check", file]);
  return `### runs-fleet: the configuration has problems\n\n\`\`\`text\n${out.replaceAll("```", "'''")}\n\`\`\``;
}

/** What would change, in Markdown; `undefined` when it cannot be told. */
async function plan(/** @type {string} */ home) {
  const before = url === "" ? await baseFile(home) : undefined;
  const planned = await runsFleet([
    "plan",
    file,
    "--format",
    "markdown",
    ...(url === "" ? [] : ["--url", url]),
    ...(before === undefined ? [] : ["--from", before]),
    ...(rates === "" ? [] : ["--rates", rates]),
  ]);
  process.stderr.write(planned.err);
  return planned.code === 0 ? `### runs-fleet: what this changes\n\n${planned.out}` : undefined;
}

/** The configuration as the base branch has it, with what lies beside it; `undefined` when it has none. */
async function baseFile(/** @type {string} */ home) {
  if (base === "") return undefined;
  // A shallow checkout does not have it; when it cannot be fetched, everything counts as added.
  await run("git", ["fetch", "--quiet", "--depth=1", "origin", base]);
  const folder = posix.dirname(file);
  const listed = await run("git", ["ls-tree", "-z", "--name-only", base, `${folder}/`]);
  const names = listed.out.split("\0").filter((name) => /\.ya?ml$/.test(name));
  for (const name of names) {
    const { code, out } = await run("git", ["show", `${base}:${name}`]);
    if (code !== 0) continue;
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), out);
  }
  return names.includes(posix.normalize(file)) ? join(home, file) : undefined;
}

/**
 * Changes the comment of an earlier run, or makes one. Anybody may write the marker: a comment of another author is passed
 * over, also where the token could change it.
 */
async function say(/** @type {string} */ text) {
  const cut = text.length > longestComment ? `${text.slice(0, longestComment)}\n\n…` : text;
  const body = `${marker}\n${cut}`;
  const path = `/repos/${repository}/issues/${pullRequest}/comments`;
  const author = await findAuthor();
  for (let page = 1; page <= 20; page += 1) {
    const comments = await ask("GET", `${path}?per_page=100&page=${page}`);
    for (const { id } of comments.filter((/** @type {Comment} */ one) => mayBeOwn(one, author))) {
      const own = `/repos/${repository}/issues/comments/${id}`;
      const { ok, status } = await send("PATCH", own, { body });
      if (ok) return;
      // Of another App, or deleted since it was listed.
      if (status !== 403 && status !== 404) throw refusal(status, "PATCH", own);
    }
    if (comments.length < 100) break;
  }
  await ask("POST", path, { body });
}

/** Whose the token is; `undefined` for that of an App, which cannot ask. */
async function findAuthor() {
  if (isUsualToken === "true") return workflowsUser;
  const response = await send("GET", "/user");
  return response.ok ? /** @type {{ login: string }} */ (await response.json()).login : undefined;
}

/** @typedef {{ id: number, body?: string, user?: { login: string, type: string } | null }} Comment */

/**
 * Whether an earlier run may have made a comment.
 *
 * @param {Comment} comment
 * @param {string | undefined} author
 */
function mayBeOwn({ body, user }, author) {
  if (!user || !body?.startsWith(marker)) return false;
  if (author === undefined) return user.type === "Bot" && user.login !== workflowsUser;
  return user.login === author;
}

/**
 * Asks GitHub's API, and rejects when it refuses.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function ask(method, path, body) {
  const response = await send(method, path, body);
  if (!response.ok) throw refusal(response.status, method, path);
  return response.json();
}

/**
 * @param {number} status
 * @param {string} method
 * @param {string} path
 */
function refusal(status, method, path) {
  return new Error(
    `GitHub answers ${status} to ${method} ${path.split("?")[0]}; the comment needs pull-requests: write`,
  );
}

/**
 * Asks GitHub's API, whatever it answers.
 *
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
function send(method, path, body) {
  return fetch(`${api}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "runs-fleet",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}

function runsFleet(/** @type {string[]} */ args) {
  return cli === ""
    ? run("npx", ["--yes", "--package", `@runs-fleet/config@${version}`, "runs-fleet", ...args])
    : run(process.execPath, [cli, ...args]);
}

/** @returns {Promise<{ code: number, out: string, err: string }>} */
function run(/** @type {string} */ program, /** @type {string[]} */ args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      // What runs here needs no token: only the comment does.
      env: { ...env, GITHUB_TOKEN: "", NO_COLOR: "1" },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 2, out, err }));
  });
}
