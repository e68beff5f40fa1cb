import { FleetError } from "../ports/failure.ts";
import type { Catalog } from "../routing/catalog.ts";
import { parseCatalog } from "../routing/parse-catalog.ts";
import { causeOf } from "./gates.ts";

/** The configuration that decisions are made from: the last one that was sound. */
export interface CatalogInForce {
  /**
   * The configuration in force.
   *
   * @throws A {@link FleetError} `unavailable` before the first one was read.
   */
  current(): Catalog;
  /** Whether one was read. */
  isRead(): boolean;
  /**
   * Reads it again. One that cannot be read, or is not sound, changes nothing and is told of.
   *
   * @throws What reading it threw, or a {@link FleetError} `config`, while there is none in force.
   */
  refresh(): Promise<void>;
}

/** Most problems of a configuration that one message names. */
const problemsTold = 3;

function sound(read: unknown): Catalog {
  const parsed = parseCatalog(read);
  if (parsed.ok) return parsed.value;
  const { issues } = parsed;
  const told = issues
    .slice(0, problemsTold)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  const more = issues.length > problemsTold ? ` and ${issues.length - problemsTold} more` : "";
  throw new FleetError({ kind: "config", message: `${told.join("; ")}${more}` });
}

/** Nothing read yet. `kept` is told of each reading that changed nothing because of a failure. */
export function createCatalogInForce(
  read: () => Promise<Catalog>,
  kept: (code: string, message: string) => void,
): CatalogInForce {
  let text: string | undefined;
  let catalog: Catalog | undefined;
  return {
    current: () => {
      if (!catalog) throw new FleetError({ kind: "unavailable", message: "Not started yet" });
      return catalog;
    },
    isRead: () => catalog !== undefined,
    refresh: async () => {
      try {
        const answer = await read();
        // The same words again: the objects in force stay, and with them all that was computed of them.
        const next = JSON.stringify(answer);
        if (next === text) return;
        catalog = sound(answer);
        text = next;
      } catch (error) {
        if (!catalog) throw error;
        const { code, message } = causeOf(error);
        kept(
          code,
          `The configuration is not taken over, version ${catalog.version} stays: ${message}`,
        );
      }
    },
  };
}
