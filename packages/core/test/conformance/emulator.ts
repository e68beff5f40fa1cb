/** How an emulator differs from the service that it stands for. */
export interface Deviation {
  /** What it does instead. */
  readonly why: string;
  /** Part of the message with which the case fails: it must fail for this reason and for no other. */
  readonly shows: string;
}

/** Where `scripts/conformance.mjs` has an emulator listen; it sets the variable. Throws an Error when it did not. */
export function emulatorUrl(name: "MOTO"): string {
  const url = process.env[`RUNS_FLEET_${name}_URL`];
  if (url === undefined) {
    throw new Error("Run by `node scripts/conformance.mjs`, which starts the emulators first");
  }
  return url;
}

/** Runs a case that an emulator is known to fail; fails when it passes, for then its entry is to go. */
export async function expectDeviation(
  { why, shows }: Deviation,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes(shows)) return;
    throw new Error(`It deviates in another way than was written down (${why})`, { cause: error });
  }
  throw new Error(`It no longer deviates (${why}): remove the entry`);
}
