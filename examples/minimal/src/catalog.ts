import type { Catalog } from "@runs-fleet/core";

/** Who may use what: every private repository, on up to four machines of any shape. */
export const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "local",
  environments: [{ name: "local", regions: ["local"], machines: 4 }],
  pools: [],
  images: [],
  policies: [{ name: "private", repositories: ["*/*"], allow: {} }],
};
