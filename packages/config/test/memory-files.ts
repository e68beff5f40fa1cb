import type { ExportFile, ExportFiles } from "../src/jobs-export/export-files.ts";

/** Files in memory that can be cut off at any effect, as `kill -9` does. */
export interface MemoryFiles {
  readonly contents: Map<ExportFile, string>;
  /** Files for one process, which dies at its effect number `diesAt`; `tear` is the part of an append that is done then. */
  process(
    diesAt?: number,
    tear?: number,
  ): ExportFiles & { readonly dead: () => boolean; step(): void };
}

/** What a process meets that is dead. */
export class Killed extends Error {}

/** Empty files. */
export function createMemoryFiles(): MemoryFiles {
  const contents = new Map<ExportFile, string>();
  return {
    contents,
    process: (diesAt = Number.POSITIVE_INFINITY, tear = 0) => {
      let effects = 0;
      let dead = false;
      const step = (): void => {
        effects += 1;
        if (effects >= diesAt) dead = true;
        if (dead) throw new Killed("killed");
      };
      return {
        dead: () => dead,
        step,
        read: async (file, bytes) => {
          step();
          const text = contents.get(file);
          return text === undefined
            ? undefined
            : Buffer.from(text)
                .subarray(0, bytes ?? Number.POSITIVE_INFINITY)
                .toString();
        },
        size: async (file) => {
          step();
          const text = contents.get(file);
          return text === undefined ? undefined : Buffer.byteLength(text);
        },
        cut: async (file, bytes) => {
          step();
          const text = Buffer.from(contents.get(file) ?? "");
          contents.set(file, text.subarray(0, bytes).toString());
        },
        append: async (file, text) => {
          const before = contents.get(file) ?? "";
          try {
            step();
          } catch (error) {
            // A process that was dead before writes nothing more.
            if (effects === diesAt) contents.set(file, before + text.slice(0, text.length * tear));
            throw error;
          }
          contents.set(file, before + text);
        },
        replace: async (file, text) => {
          step();
          contents.set(file, text);
        },
        remove: async (file) => {
          step();
          contents.delete(file);
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  };
}
