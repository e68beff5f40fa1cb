import { describe, expect, it } from "vitest";
import { describeDemandSourceContract } from "../testing/contracts/demand-source.ts";
import { createMemoryDemandSource } from "./memory-demand-source.ts";

describeDemandSourceContract({
  api: { describe, it, expect },
  async create({ clock }) {
    const source = createMemoryDemandSource({ clock });
    return { source, offer: source.offer };
  },
});
