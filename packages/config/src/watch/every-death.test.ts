import { describe, expect, it } from "vitest";
import { type Death, fileOf, watchedFile } from "../../test/watched-file.ts";

const before = fileOf({ web: 1, data: 1 });
const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`p${index}`, 2]));
const after = fileOf({ web: 2, ...many });

/** One push is in force; the process that takes in the next one dies around one of its calls. */
async function live(death?: Death) {
  const stage = watchedFile();
  const { push, watcher, settled } = stage;
  await settled(watcher().handlePush(push({ "": before })));
  // Another commit with the same text: nothing new.
  await settled(watcher().handlePush(push({ "": before })));
  const event = push({ "": after });
  const doomed = watcher({}, death);
  await settled(doomed.handlePush(event).catch(() => undefined));
  return { ...stage, doomed, event };
}

const pools = (
  current: { config: { catalog: { pools: readonly unknown[] } } } | undefined,
): number => current?.config.catalog.pools.length ?? 0;

describe("last-good", () => {
  it("is in force whole, the one before or the one after, wherever the process dies that applies", async () => {
    const whole = await live();
    const { calls } = whole.doomed;
    expect(pools(await whole.watcher().current())).toBe(121);
    expect(calls.filter((name) => name === "commit").length).toBeGreaterThanOrEqual(3);
    const seen = new Set<number>();
    for (let call = 0; call < calls.length; call += 1) {
      for (const when of ["before", "after"] as const) {
        const { watcher, settled, event, doomed, github } = await live({ call, when });
        const where = `${when} call ${call}, ${calls[call]}`;
        expect(doomed.isDead(), where).toBe(true);
        // Whoever looks sees the one or the other, with all of its pools.
        const between = pools(await settled(watcher().current()));
        expect([2, 121], where).toContain(between);
        seen.add(between);
        // The push comes again, to another process.
        await settled(watcher().handlePush(event));
        expect(pools(await settled(watcher().current())), where).toBe(121);
        const told = github.checks().filter(({ sha }) => sha === event.after);
        expect(told.at(-1), where).toMatchObject({ conclusion: "success" });
      }
    }
    expect(seen).toEqual(new Set([2, 121]));
  });
});
