import process from "node:process";
import { FleetError } from "@runs-fleet/core";
import { drainOnSignals } from "@runs-fleet/core/node";
import { checkHost, startHost } from "./host.ts";
import type { Log } from "./log.ts";
import type { Finding } from "./preflight.ts";
import type { Settings } from "./settings.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** One line for people. */
function lineOf({ what, verdict, words }: Finding): string {
  return `${verdict.padEnd(5)} ${what}${words === "" ? "" : `: ${words}`}`;
}

/** Looks at everything that the process needs, prints it, and answers the exit code. */
export async function runCheck(settings: Settings, log: Log): Promise<number> {
  const findings = await checkHost(settings, log);
  for (const finding of findings) say(lineOf(finding));
  const bad = findings.filter(({ verdict }) => verdict !== "ok").length;
  say(bad === 0 ? "All is well" : `${bad} of ${findings.length} are not well`);
  return bad === 0 ? 0 : 1;
}

/** Serves until a signal drains the process. Answers an exit code when there is nothing to wait for. */
export async function runServe(settings: Settings, log: Log): Promise<number | undefined> {
  let host: Awaited<ReturnType<typeof startHost>>;
  try {
    host = await startHost(settings, log);
  } catch (error) {
    // Adapters throw errors of types and ranges for options that cannot work, which is what the environment becomes.
    const isOption = error instanceof TypeError || error instanceof RangeError;
    if (!FleetError.isInstance(error) && !isOption) throw error;
    complain(error.message);
    return 2;
  }
  if (!("url" in host)) {
    for (const finding of host.filter(({ verdict }) => verdict !== "ok")) complain(lineOf(finding));
    complain("Nothing is served. --check looks again.");
    return 2;
  }
  const { url, statusUrl, unready, closeListener, finishWork } = host;
  const { environment, region, noticeMs } = settings.common;
  const pages = statusUrl === undefined ? "" : `, pages on ${statusUrl}`;
  const message = `${settings.role} of ${environment}/${region} on ${url}${pages}`;
  log({ code: "serving", message });
  // A parent that started us learns the ports by this.
  process.send?.({ url, statusUrl });
  drainOnSignals({
    unready,
    noticeMs,
    closeListener,
    finishWork,
    onSignal: (signal, kind) => {
      const forced = kind === "forced";
      log({
        code: forced ? "forced" : "draining",
        message: `${signal}: ${forced ? "ending at once" : "draining"}`,
      });
    },
    onError: (error) =>
      log({
        code: "drain-failed",
        message: error instanceof Error ? error.message : String(error),
      }),
  });
  return undefined;
}
