/** What a line of the listener says. */
export type ListenerLine =
  | { readonly kind: "connected" | "listening" | "outdated" }
  | { readonly kind: "version"; readonly version: string }
  | { readonly kind: "job-started"; readonly jobName: string }
  | { readonly kind: "job-completed"; readonly conclusion: string };

/** The listener's own lines start with the time; a job's name, which anybody may choose, never does. */
const timed = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z: (.*)$/;

/** Reads one line of the listener's standard output; `undefined` when it says nothing that we use. */
export function parseListenerLine(line: string): ListenerLine | undefined {
  const said = timed.exec(line)?.[1];
  if (said === undefined) {
    if (/^\S{1,3} Connected to GitHub$/.test(line)) return { kind: "connected" };
    const version = /^Current runner version: '([^']{1,64})'$/.exec(line)?.[1];
    if (version !== undefined) return { kind: "version", version };
    if (/^Runner version v\S{1,64} is deprecated and cannot receive messages\.$/.test(line)) {
      return { kind: "outdated" };
    }
    return undefined;
  }
  if (said === "Listening for Jobs") return { kind: "listening" };
  const jobName = /^Running job: (.*)$/.exec(said)?.[1];
  if (jobName !== undefined) return { kind: "job-started", jobName };
  const conclusion = /^Job .* completed with result: ([A-Za-z]{1,32})$/.exec(said)?.[1];
  return conclusion === undefined ? undefined : { kind: "job-completed", conclusion };
}
