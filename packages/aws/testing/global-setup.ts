import type { TestProject } from "vitest/node";
import type { Emulators } from "./emulators.ts";
import { startEmulators } from "./start-emulators.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What {@link setup} has started. */
    emulators: Emulators;
  }
}

/** Starts the emulators, once per run, and ends them after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await startEmulators();
  project.provide("emulators", started.emulators);
  return started.close;
}
