import { expect, it } from "vitest";
import { collect } from "./collect.ts";

/** A list that loses its first entry after the first page was read. */
function shrinking(entries: string[], pageSize: number) {
  let asked = 0;
  const page = async (number: number) => {
    asked += 1;
    if (asked === 2) entries.shift();
    const from = (number - 1) * pageSize;
    const items = entries.slice(from, from + pageSize).map((id) => ({ id }));
    return { items, total: entries.length, more: from + pageSize < entries.length };
  };
  return { page, asked: () => asked };
}

it("finds the entry that moves to a page already read when another is deleted", async () => {
  const list = shrinking(["a", "b", "c", "d", "e"], 2);
  // a and b, then without a: d and e. c has moved to the first page.
  const { items } = await collect(await list.page(1), list.page, true);
  expect(items.map(({ id }) => id).sort()).toEqual(["a", "b", "c", "d", "e"]);
});

it("reads again while fewer are found than GitHub counts, and then says how many are missing", async () => {
  const list = shrinking(["a", "b"], 5);
  const short = async (number: number) => ({ ...(await list.page(number)), total: 3 });
  const { items, unlisted } = await collect(await short(1), short);
  expect(items.map(({ id }) => id).sort()).toEqual(["a", "b"]);
  expect({ unlisted, asked: list.asked() }).toEqual({ unlisted: 1, asked: 4 });
});

it("keeps the ETag of a list of one page only", async () => {
  const one = { items: [{ id: "a" }], total: 1, more: false, etag: "x" };
  expect(await collect(one, async () => one)).toMatchObject({ etag: "x" });
  const two = { items: [{ id: "a" }], total: 2, more: true, etag: "x" };
  const next = { items: [{ id: "b" }], total: 2, more: false, etag: "y" };
  expect(await collect(two, async () => next)).not.toHaveProperty("etag");
});
