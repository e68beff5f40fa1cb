import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { isAbsent, readText } from "./files.ts";
import { bootOf, doorbellOf } from "./layout.ts";
import { parseBootClaim, signalProcess } from "./process-identity.ts";

/**
 * The signal that makes a machine look at its doorbell at once. Chosen because a process that does not listen for it
 * is not disturbed; file watches are no alternative, as a system grants only about a hundred processes one.
 */
export const doorbellSignal = "SIGCONT";

/** The machine, if it runs, looks at its assignments now. `false`: there is no such machine. */
export async function ringMachine(
  path: string,
  generation: number,
  nonce: string,
): Promise<boolean> {
  const doorbell = doorbellOf(path);
  const temporary = `${doorbell}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, nonce, { mode: 0o600 });
    await rename(temporary, doorbell);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  const claim = await readText(bootOf(path, generation));
  const process = claim === undefined ? undefined : parseBootClaim(claim);
  if (process) await signalProcess(process, doorbellSignal);
  return true;
}
