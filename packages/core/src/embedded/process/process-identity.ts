import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { codeOf } from "./files.ts";

/**
 * A process, recognisable after its pid was given to another one: `identity` is its start time, and on Linux the
 * boot of the system too.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly identity: string;
}

let bootId: Promise<string> | undefined;

function systemBoot(): Promise<string> {
  bootId ??= readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => "",
  );
  return bootId;
}

/** State letter and start time of a line of `/proc/<pid>/stat`; the command name in it may hold anything. */
function parseStat(line: string): { readonly state: string; readonly start: string } | undefined {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state && start && /^\d+$/.test(start) ? { state, start } : undefined;
}

async function identityOnLinux(pid: number): Promise<string | undefined> {
  let line: string;
  try {
    line = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
  const stat = parseStat(line);
  // A zombie has ended; only its parent has not noticed.
  if (stat === undefined || stat.state === "Z" || stat.state === "X") return undefined;
  return `${await systemBoot()} ${stat.start}`;
}

function identityByPs(pid: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      "ps",
      ["-o", "stat=,lstart=", "-p", String(pid)],
      { env: { PATH: process.env["PATH"], LC_ALL: "C" } },
      (error, stdout) => {
        const [state, ...start] = stdout.trim().split(/\s+/);
        if (state) resolve(state.startsWith("Z") ? undefined : start.join(" "));
        else if (error && error.code !== 1) reject(error);
        else resolve(undefined);
      },
    );
  });
}

/** What tells the living process apart from later ones of its pid; `undefined` when there is none. */
export function identityOf(pid: number): Promise<string | undefined> {
  return process.platform === "linux" ? identityOnLinux(pid) : identityByPs(pid);
}

/** Whether that very process lives. */
export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  return (await identityOf(process.pid)) === process.identity;
}

/**
 * What a booting process wrote about itself: pid, boot of the system, then its line of `/proc/<pid>/stat` or the
 * start time of `ps`. `undefined` when it is something else.
 */
export function parseBootClaim(text: string): ProcessIdentity | undefined {
  const [pid, boot, line] = text.split("\n");
  if (!pid || !/^[1-9]\d*$/.test(pid) || boot === undefined || !line) return undefined;
  if (boot === "") return { pid: Number(pid), identity: line.trim().split(/\s+/).join(" ") };
  const stat = parseStat(line);
  return stat && { pid: Number(pid), identity: `${boot} ${stat.start}` };
}

/**
 * The claim of a process that has just started, in the form of {@link parseBootClaim}. Synchronous, because until it is
 * written nobody else could end the process.
 *
 * @throws When there is no such process.
 */
export function bootClaimOf(pid: number): string {
  if (process.platform === "linux") {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${pid}\n${boot}\n${readFileSync(`/proc/${pid}/stat`, "utf8").trim()}\n`;
  }
  const environment = { PATH: process.env["PATH"], LC_ALL: "C" };
  const start = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env: environment });
  return `${pid}\n\n${String(start).trim()}\n`;
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
    throw error;
  }
}

/** Sends the signal to that very process; `false` when it is gone. */
export async function signalProcess(
  target: ProcessIdentity,
  signal: NodeJS.Signals,
): Promise<boolean> {
  return (await isAlive(target)) && send(target.pid, signal);
}

/**
 * Ends the process and all of its group, also when the process itself has ended and left children behind.
 *
 * While a group has a member, its number is given to no new process: someone else under that pid means that the group
 * is gone.
 */
export async function killGroup(target: ProcessIdentity): Promise<void> {
  const current = await identityOf(target.pid);
  if (current !== undefined && current !== target.identity) return;
  if (process.platform === "linux" && !target.identity.startsWith(`${await systemBoot()} `)) return;
  send(-target.pid, "SIGKILL");
}
