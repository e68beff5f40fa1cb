import { inject } from "vitest";
import type { Emulators } from "./emulators.ts";
import { startTestAws, type TestAws, type TestAwsOptions } from "./test-aws.ts";

/** The emulators of this run of vitest. */
export function givenEmulators(): Emulators {
  return inject("emulators");
}

/** An account with nothing in it, on the emulators of this run of vitest. Close it when the suite is over. */
export function openAws(options: Omit<TestAwsOptions, "emulators"> = {}): Promise<TestAws> {
  return startTestAws({ ...options, emulators: givenEmulators() });
}
