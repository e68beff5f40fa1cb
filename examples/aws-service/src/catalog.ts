import { readFile } from "node:fs/promises";
import type { S3Objects } from "@runs-fleet/aws/s3";
import { type Catalog, FleetError, parseCatalog } from "@runs-fleet/core";

/** Far more than a catalog has. */
const mostBytes = 4 * 1024 * 1024;

/** `s3://bucket/key`, in its parts; `undefined` for a file's path. */
export function s3Location(
  place: string,
): { readonly bucket: string; readonly key: string } | undefined {
  const { bucket, key } = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/.exec(place)?.groups ?? {};
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/**
 * Makes what reads the catalog from where it is.
 *
 * @param place - A file, or `s3://bucket/key`.
 * @param openBucket - Opens a bucket; not called for a file.
 * @returns It throws a {@link FleetError} `config` that names every problem.
 */
export function createCatalogReader(
  place: string,
  openBucket: (bucket: string) => Pick<S3Objects, "get">,
): () => Promise<Catalog> {
  const location = s3Location(place);
  const bucket = location === undefined ? undefined : openBucket(location.bucket);
  const problem = (message: string, cause?: unknown): FleetError =>
    new FleetError({ kind: "config", message, ...(cause === undefined ? {} : { cause }) });

  async function readText(): Promise<string> {
    if (bucket === undefined || location === undefined) {
      try {
        return await readFile(place, "utf8");
      } catch (error) {
        throw problem(`Cannot read the catalog ${place}: ${wordsOf(error)}`);
      }
    }
    const content = await bucket.get(location.key, { maxBytes: mostBytes });
    if (content === undefined) throw problem(`There is no catalog at ${place}`);
    return new TextDecoder().decode(content.body);
  }

  return async () => {
    let input: unknown;
    const text = await readText();
    try {
      input = JSON.parse(text);
    } catch (error) {
      throw problem(`The catalog ${place} is not JSON: ${wordsOf(error)}`);
    }
    const parsed = parseCatalog(input);
    if (parsed.ok) return parsed.value;
    const lines = parsed.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw problem(`The catalog ${place} is not valid:\n  ${lines.join("\n  ")}`);
  };
}

/** Why a host of this environment and region cannot serve a configuration. `undefined`: it can. */
export function unservable(
  { environments }: Catalog,
  { environment, region }: { readonly environment: string; readonly region: string },
): string | undefined {
  const own = environments.find(({ name }) => name === environment);
  if (own === undefined) {
    return `has no environment ${environment}; it has ${environments.map(({ name }) => name).join(", ")}`;
  }
  return own.regions.includes(region)
    ? undefined
    : `does not have ${environment} in ${region}, only in ${own.regions.join(", ")}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
