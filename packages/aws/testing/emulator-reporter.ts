import type { Reporter, TestModule, TestProject, Vitest } from "vitest/node";
import type { Emulator } from "./emulators.ts";
import type { Cell } from "./matrix/cell.ts";
import { matrixTables } from "./matrix/matrix-table.ts";
import { sliceText } from "./matrix/slice.ts";

/** What no emulator here can show; said at every run, so that nobody takes silence for a proof. */
const never = [
  "capacity, quotas, buckets, spot notices and the time that machines take: no emulator has them; the fakes of core do",
  "permissions and signatures: no emulator checks them",
  "replication, expiry by TTL on time, point-in-time recovery, what EventBridge says of machines",
];

/** Says at the end of a run which emulators played AWS, what the fault matrices showed, and what was not run. */
export function createEmulatorReporter(): Reporter {
  let project: TestProject | undefined;
  return {
    onInit(vitest: Vitest) {
      project = vitest.projects[0];
    },
    onTestRunEnd(modules: readonly TestModule[]) {
      const emulators = project?.getProvidedContext().emulators;
      if (emulators === undefined) return;
      const cells = modules.flatMap((module) =>
        [...module.children.allTests()].flatMap((test) => test.meta().cell ?? []),
      ) as readonly Cell[];
      const lines = [
        "",
        ...(cells.length === 0 ? [] : [matrixTables(cells), `Fault matrices: ${sliceText()}`, ""]),
        told("moto", emulators.moto),
        told("DynamoDB Local", emulators.dynamodbLocal),
        told("fauxqs", emulators.fauxqs),
        ...[...emulators.missing, ...never].map((what) => `not run: ${what}`),
      ];
      console.log(lines.join("\n"));
    },
  };
}

function told(name: string, emulator: Emulator | undefined): string {
  if (emulator === undefined) return `emulator: no ${name}`;
  return `emulator: ${name} ${emulator.version} (${emulator.binary})`;
}
