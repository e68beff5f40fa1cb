import { expect } from "vitest";
import type { Deviation } from "./emulator.ts";

/** One conditional write of a record. */
export interface StoreWrite {
  readonly id: string;
  /** `absent`, or the version that the record must have. */
  readonly expected: number | "absent";
  /** `undefined` deletes. */
  readonly value: string | undefined;
}

/** A store to try things with: ours, or DynamoDB as an emulator plays it. Every case has one of its own. */
export interface StoreStage {
  /** Writes all or nothing under an epoch: `ok`, `conflict`, or `invalid` when it is no request. */
  commit(epoch: number, writes: readonly StoreWrite[]): Promise<"ok" | "conflict" | "invalid">;
  get(id: string): Promise<{ readonly version: number; readonly value: string } | undefined>;
}

/** A rule that stores keep, tried. */
export interface StoreCase {
  readonly name: string;
  readonly moto?: Deviation;
  run(store: StoreStage): Promise<void>;
}

const create = (id: string, value = "v"): StoreWrite => ({ id, expected: "absent", value });

/** What our store and conditional writes of DynamoDB have in common. */
export const storeCases: readonly StoreCase[] = [
  {
    name: "a record is created once",
    async run(store) {
      expect(await store.commit(1, [create("a", "one")])).toBe("ok");
      expect(await store.commit(1, [create("a", "two")])).toBe("conflict");
      expect(await store.get("a")).toEqual({ version: 1, value: "one" });
    },
  },
  {
    name: "a record changes under its version and no other",
    async run(store) {
      await store.commit(1, [create("a", "one")]);
      expect(await store.commit(1, [{ id: "a", expected: 1, value: "two" }])).toBe("ok");
      expect(await store.commit(1, [{ id: "a", expected: 1, value: "three" }])).toBe("conflict");
      expect(await store.get("a")).toEqual({ version: 2, value: "two" });
    },
  },
  {
    name: "a record that is absent has no version",
    async run(store) {
      expect(await store.commit(1, [{ id: "a", expected: 1, value: "v" }])).toBe("conflict");
      expect(await store.get("a")).toBe(undefined);
    },
  },
  {
    name: "a record is deleted under its version, and can be created again",
    async run(store) {
      await store.commit(1, [create("a")]);
      expect(await store.commit(1, [{ id: "a", expected: 2, value: undefined }])).toBe("conflict");
      expect(await store.commit(1, [{ id: "a", expected: 1, value: undefined }])).toBe("ok");
      expect(await store.get("a")).toBe(undefined);
      expect(await store.commit(1, [create("a")])).toBe("ok");
    },
  },
  {
    name: "a commit writes all or nothing",
    async run(store) {
      await store.commit(1, [create("b", "old")]);
      expect(await store.commit(1, [create("a"), create("b"), create("c")])).toBe("conflict");
      expect(await store.get("a")).toBe(undefined);
      expect(await store.get("b")).toEqual({ version: 1, value: "old" });
      expect(await store.get("c")).toBe(undefined);
    },
  },
  {
    name: "an older epoch changes nothing that a newer one wrote",
    async run(store) {
      await store.commit(2, [create("a", "new")]);
      expect(await store.commit(1, [{ id: "a", expected: 1, value: "old" }])).toBe("conflict");
      expect(await store.commit(3, [{ id: "a", expected: 1, value: "newer" }])).toBe("ok");
      expect(await store.get("a")).toEqual({ version: 2, value: "newer" });
    },
  },
  {
    name: "an id is not empty",
    async run(store) {
      expect(await store.commit(1, [create("")])).toBe("invalid");
    },
  },
  {
    name: "a record has at most 400 KB",
    async run(store) {
      expect(await store.commit(1, [create("a", "x".repeat(390_000))])).toBe("ok");
      expect(await store.commit(1, [create("b", "x".repeat(410_000))])).toBe("invalid");
      expect(await store.get("b")).toBe(undefined);
    },
  },
  {
    name: "a commit has at most 99 writes beside the lease",
    async run(store) {
      const many = Array.from({ length: 100 }, (_, index) => create(`r${index}`));
      expect(await store.commit(1, many.slice(0, 99))).toBe("ok");
      const more = many.map(({ id }) => create(`x${id}`));
      expect(await store.commit(1, more)).toBe("invalid");
      expect(await store.get("xr0")).toBe(undefined);
    },
  },
  {
    name: "a commit writes no record twice",
    async run(store) {
      expect(await store.commit(1, [create("a"), create("a")])).toBe("invalid");
      expect(await store.get("a")).toBe(undefined);
    },
  },
];
