import type { CliHost } from "@runs-fleet/core/node";
import { createVirtualClock } from "@runs-fleet/core/testing";

/** A process that is not there: what was written to it can be read. */
export function fakeHost(
  options: {
    readonly cwd?: string;
    readonly terminal?: boolean;
    readonly columns?: number;
    readonly env?: CliHost["env"];
    readonly signal?: AbortSignal;
  } = {},
) {
  const { cwd = ".", terminal = false, columns = 100, env = {} } = options;
  const clock = createVirtualClock(0);
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err") => ({
    isTerminal: terminal,
    ...(terminal ? { columns } : {}),
    write: (text: string) => {
      written[name] += text;
    },
  });
  const host: CliHost = {
    version: "0.0.0-test",
    out: stream("out"),
    err: stream("err"),
    env,
    cwd,
    clock,
    fetch: () => Promise.reject(new Error("no network in tests")),
    signal: options.signal ?? new AbortController().signal,
  };
  return { host, written, clock };
}
