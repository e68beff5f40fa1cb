import { describe, expect, it } from "vitest";
import { parseCatalog } from "../../routing/index.ts";
import { badCatalog, flawCount } from "./bad-catalogs.ts";
import { planScenario } from "./plan-scenario.ts";

describe("bad configurations", () => {
  it.each(Array.from({ length: flawCount }, (_, flaw) => flaw))(
    "have a flaw that validation finds (flaw %i)",
    (flaw) => {
      const { catalog } = planScenario(1, 1);
      expect(parseCatalog(catalog)).toMatchObject({ ok: true });
      expect(parseCatalog(badCatalog(catalog, flaw))).toMatchObject({ ok: false });
    },
  );
});
