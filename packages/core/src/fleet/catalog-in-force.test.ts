import { describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../test/fleet/builders.ts";
import type { Catalog } from "../routing/catalog.ts";
import { createCatalogInForce } from "./catalog-in-force.ts";

const good = aCatalog({ version: "1", pools: [aPool("p", { hot: 2 })] });
const bad = {
  ...good,
  version: "2",
  pools: [
    {
      ...aPool("p"),
      schedule: { default: { hot: 0, stopped: 0 }, entries: [], timeZone: "Moon/Base" },
    },
  ],
};

function kept(answers: readonly (unknown | Error)[]) {
  const told: string[] = [];
  let calls = 0;
  const inForce = createCatalogInForce(
    async () => {
      const answer = answers[Math.min(calls, answers.length - 1)];
      calls += 1;
      if (answer instanceof Error) throw answer;
      return answer as Catalog;
    },
    (code, message) => told.push(`${code}: ${message}`),
  );
  return { inForce, told };
}

describe("the configuration in force", () => {
  it("is the last sound one, whatever is read after it", async () => {
    const dangling = { ...good, version: "3", pools: [{ ...aPool("p"), environment: "nowhere" }] };
    const { inForce, told } = kept([good, bad, dangling, new Error("gone"), "no catalog"]);
    await inForce.refresh();
    const first = inForce.current();
    for (let read = 0; read < 4; read += 1) {
      await inForce.refresh();
      expect(inForce.current()).toBe(first);
    }
    expect(told).toHaveLength(4);
    expect(told[0]).toMatch(/^config: .*version 1 stays.*Moon\/Base/s);
    expect(told[2]).toMatch(/version 1 stays: gone/);
  });

  it("is not begun with an unsound one", async () => {
    const { inForce } = kept([bad, good]);
    await expect(inForce.refresh()).rejects.toMatchObject({ kind: "config" });
    expect(inForce.isRead()).toBe(false);
    expect(() => inForce.current()).toThrow("Not started yet");
    await inForce.refresh();
    expect(inForce.current().version).toBe("1");
  });

  it("stays the same object while its words are the same, and is another one after a change", async () => {
    const { inForce } = kept([good, structuredClone(good), { ...good, version: "2" }]);
    await inForce.refresh();
    const first = inForce.current();
    await inForce.refresh();
    expect(inForce.current()).toBe(first);
    await inForce.refresh();
    expect(inForce.current()).toMatchObject({ version: "2" });
  });
});
