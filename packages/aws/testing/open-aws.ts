import { inject } from "vitest";
import { startTestAws, type TestAws, type TestAwsOptions } from "./test-aws.ts";

/** An account with nothing in it, on the emulators of this run of vitest. Close it when the suite is over. */
export function openAws(options: Omit<TestAwsOptions, "emulators"> = {}): Promise<TestAws> {
  return startTestAws({ ...options, emulators: inject("emulators") });
}
