import { readFile } from "node:fs/promises";
import type { FakeGitHub } from "@runs-fleet/core/testing";

/** Where the demonstration's configuration lies at the fake GitHub. */
export const demoRepository = "acme/.github-private";
const path = ".github/runs-fleet.yml";

/** The configuration of the demonstration, as its authors change it. */
export interface DemoConfig {
  /** Pushes another number of hot machines; answers it. */
  change(): number;
  /** Pushes a file with a mistake in it. */
  breakIt(): void;
}

/** Commits the configuration to the fake GitHub. */
export async function commitDemoConfig(github: FakeGitHub): Promise<DemoConfig> {
  const text = await readFile(new URL("../../demo-runs-fleet.yml", import.meta.url), "utf8");
  let hot = 2;
  const commit = (content: string, push: boolean): void =>
    void github.commitFile({ repository: demoRepository, path, text: content, push });
  const current = (): string => text.replace(/hot: 2/, `hot: ${hot}`);
  commit(current(), false);
  return {
    change: () => {
      hot = hot === 2 ? 4 : 2;
      commit(current(), true);
      return hot;
    },
    breakIt: () => commit(current().replace("hot:", "hott:"), true),
  };
}
