import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { FakeJob } from "./job.ts";

const interpreters: Readonly<Record<string, readonly string[]>> = {
  ".sh": ["bash", "-e"],
  ".js": [process.execPath],
  ".mjs": [process.execPath],
  ".ps1": ["pwsh", "-command"],
};

/** Runs a job hook with the variables that the runner gives it; `false`: it failed, and so does the job. */
export function runHook(
  script: string,
  root: string,
  job: FakeJob,
  variables: Readonly<Record<string, string>>,
): Promise<boolean> {
  const interpreter = interpreters[extname(script)];
  if (interpreter === undefined) return Promise.resolve(false);
  const folder = join(root, "_work", "_temp");
  mkdirSync(folder, { recursive: true });
  const eventPath = join(folder, "event.json");
  writeFileSync(eventPath, JSON.stringify({ repository: { full_name: job.repository } }));
  const [program, ...prefix] = interpreter;
  return new Promise((resolve) => {
    const child = spawn(program ?? "", [...prefix, script], {
      cwd: folder,
      stdio: "ignore",
      env: {
        ...process.env,
        ...variables,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_PATH: eventPath,
        GITHUB_JOB: job.name,
        GITHUB_REPOSITORY: job.repository,
        GITHUB_RUN_ATTEMPT: String(job.attempt),
        GITHUB_RUN_ID: job.runId,
        GITHUB_SHA: job.headSha,
        GITHUB_WORKFLOW: job.workflow,
      },
    });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}
