import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { asUnavailable } from "./files.ts";
import type { MachineRecord } from "./machine-record.ts";

/**
 * What every boot runs first, in the process that then becomes the machine (`exec` keeps the pid): it writes who it is
 * and links that to the boot's one name. Any number of hosts may start the same boot, and hosts may die at any moment;
 * exactly one process wins the name, and the others exit. A machine that was terminated before it won never runs.
 */
const claimThenRun = `
set -u
machine=$RUNS_FLEET_MACHINE_DIRECTORY
boot=$1; ticks=$2; shift 2
while [ "$ticks" -gt 0 ]; do
  [ -d "$machine" ] && [ ! -e "$machine/terminated" ] && [ ! -e "$machine/$boot" ] || exit 0
  sleep 0.1
  ticks=$((ticks - 1))
done
if [ -r /proc/$$/stat ]; then
  read -r system < /proc/sys/kernel/random/boot_id
  read -r line < /proc/$$/stat
else
  system=
  line=$(LC_ALL=C ps -o lstart= -p $$)
fi
claim=$machine/$boot.claim-$$
printf '%s\\n%s\\n%s\\n' $$ "$system" "$line" > "$claim" || exit 1
ln "$claim" "$machine/$boot" 2>/dev/null || { rm -f "$claim"; exit 0; }
rm -f "$claim"
[ ! -e "$machine/terminated" ] || exit 0
cd "$machine" || exit 1
exec "$@"
`;

/** What a boot needs to know. */
export interface Boot {
  readonly path: string;
  readonly record: MachineRecord;
  readonly generation: number;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly nowMs: number;
}

/** How often a machine that boots slowly looks whether it is still wanted, milliseconds: the `sleep` of the script. */
const tickMs = 100;

/** What a machine inherits from its host: nothing that could be a secret. */
const inherited = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR"] as const;

function environmentOf(boot: Boot): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    ...boot.environment,
    RUNS_FLEET_MACHINE_DIRECTORY: boot.path,
    RUNS_FLEET_MACHINE_ID: boot.record.id,
    RUNS_FLEET_MACHINE_DEADLINE_MS: String(boot.record.deadlineMs),
    RUNS_FLEET_MACHINE_STARTED_AT_MS: String(boot.nowMs),
  };
}

function commandOf(
  record: MachineRecord,
  command: readonly string[],
  nowMs: number,
): readonly string[] {
  if (!record.hangs) return command;
  return ["sleep", String(Math.max(1, Math.ceil((record.deadlineMs - nowMs) / 1_000)))];
}

/**
 * A process that tries to become this boot of the machine is under way; it outlives us. Repeating it is harmless.
 *
 * @throws A {@link FleetError} `unavailable` when the system starts no process.
 */
export async function bootMachine(boot: Boot): Promise<void> {
  const { path, record } = boot;
  try {
    const log = await open(join(path, "output.log"), "a", 0o600);
    try {
      await new Promise<void>((resolve, reject) => {
        const child = spawn(
          "/bin/sh",
          [
            "-c",
            claimThenRun,
            "runs-fleet-machine",
            `boot-${boot.generation}`,
            String(boot.generation === 1 ? Math.ceil(record.bootDelayMs / tickMs) : 0),
            ...commandOf(record, boot.command, boot.nowMs),
          ],
          {
            cwd: path,
            detached: true,
            env: environmentOf(boot),
            stdio: ["ignore", log.fd, log.fd],
          },
        );
        child.once("spawn", resolve);
        child.once("error", reject);
        child.unref();
      });
    } finally {
      await log.close();
    }
  } catch (error) {
    throw asUnavailable(error, `Machine ${record.id} could not be started`);
  }
}
