import { readFile } from "node:fs/promises";
import { type Catalog, FleetError, parseCatalog } from "@runs-fleet/core";

/** What is served when no catalog is given: every private repository, on machines of any shape. */
const defaultCatalog: Catalog = {
  version: "built-in",
  defaultEnvironment: "local",
  environments: [{ name: "local", regions: ["local"] }],
  pools: [],
  images: [],
  policies: [{ name: "everyone-private", repositories: ["*/*"], allow: {} }],
};

/**
 * Reads the catalog of this host.
 *
 * Process machines run beside one another as one user and isolate nothing, so a catalog that lets public repositories
 * or forks in is refused.
 *
 * @throws A {@link FleetError} `config` that names every problem.
 */
export async function readCatalog(file: string | undefined): Promise<Catalog> {
  if (file === undefined) return defaultCatalog;
  const problem = (message: string): FleetError => new FleetError({ kind: "config", message });
  let input: unknown;
  try {
    input = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw problem(
      `Cannot read the catalog ${file}: ${error instanceof Error ? error.message : error}`,
    );
  }
  const parsed = parseCatalog(input);
  if (!parsed.ok) {
    const lines = parsed.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw problem(`The catalog ${file} is not valid:\n  ${lines.join("\n  ")}`);
  }
  const unsafe = unsafePolicy(parsed.value);
  if (unsafe !== undefined) throw problem(unsafe);
  return parsed.value;
}

/** Why a catalog is refused that lets strangers' code in. */
export function unsafePolicy({ policies }: Catalog): string | undefined {
  const open = policies.find(({ visibility, forks }) => visibility?.includes("public") || forks);
  return open === undefined
    ? undefined
    : `Policy ${open.name} lets public repositories or forks in: machines that are processes do not isolate strangers' code`;
}
