import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCatalogReader, s3Location } from "../src/catalog.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runs-fleet-catalog-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const catalog = {
  version: "7",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["eu-west-1"] }],
  pools: [],
  images: [],
  policies: [],
};

async function fileWith(text: string): Promise<string> {
  const file = join(folder, "catalog.json");
  await writeFile(file, text);
  return file;
}

const noBucket = (): never => {
  throw new Error("A file needs no bucket");
};

describe("the catalog", () => {
  it("is read anew each time", async () => {
    const read = createCatalogReader(await fileWith(JSON.stringify(catalog)), noBucket);
    expect((await read()).version).toBe("7");
    await fileWith(JSON.stringify({ ...catalog, version: "8" }));
    expect((await read()).version).toBe("8");
  });

  it.each([
    ["{", /is not JSON/],
    [JSON.stringify({ ...catalog, environments: "ci" }), /is not valid:\n {2}environments: /],
  ])("tells what is wrong with %s", async (text, words) => {
    const read = createCatalogReader(await fileWith(text), noBucket);
    await expect(read()).rejects.toThrow(words);
  });

  it("says which file cannot be read", async () => {
    const file = join(folder, "nowhere.json");
    await expect(createCatalogReader(file, noBucket)()).rejects.toThrow(/nowhere\.json: ENOENT/);
  });

  it.each([
    ["s3://acme-fleet/ci/catalog.json", { bucket: "acme-fleet", key: "ci/catalog.json" }],
    ["s3://acme-fleet", undefined],
    ["./catalog.json", undefined],
  ])("knows where %s is", (place, location) => {
    expect(s3Location(place)).toEqual(location);
  });
});
