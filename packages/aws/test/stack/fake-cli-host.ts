import { systemClock } from "@runs-fleet/core";
import type { CliHost } from "@runs-fleet/core/node";

/** A process that is not there: what was written to it can be read. */
export function fakeCliHost(options: Pick<CliHost, "ask"> = {}) {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err") => ({
    isTerminal: false,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const host: CliHost = {
    version: "0.0.0-test",
    out: stream("out"),
    err: stream("err"),
    env: {},
    cwd: ".",
    clock: systemClock,
    fetch: () => Promise.reject(new Error("no network in tests")),
    signal: new AbortController().signal,
    ...options,
  };
  return { host, written };
}
