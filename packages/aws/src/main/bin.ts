#!/usr/bin/env node
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { systemClock } from "@runs-fleet/core";
import type { CliStream } from "./host.ts";
import { runCli } from "./run-cli.ts";

const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => ending.abort(new Error(`stopped by ${signal}`)));
}
// `runs-fleet-aws ... | head` closes our output while we write: that is the end of the work, and no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 2);
});

const manifest = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };
const isAttended = process.stdin.isTTY === true && process.stderr.isTTY === true;

process.exitCode = await runCli(process.argv.slice(2), {
  version: manifest.version,
  out: stream(process.stdout),
  err: stream(process.stderr),
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  signal: ending.signal,
  ...(isAttended ? { ask } : {}),
});

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: ending.signal });
  } finally {
    terminal.close();
  }
}

function stream(target: NodeJS.WriteStream): CliStream {
  const isTerminal = target.isTTY === true;
  return {
    isTerminal,
    ...(isTerminal ? { columns: target.columns } : {}),
    write: (text) => void target.write(text),
  };
}
