import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineBuffer } from "./line-buffer.ts";

const line = fc.string({ unit: "binary", maxLength: 40 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), line }),
  fc.record({ kind: fc.constant("fail" as const), between: fc.array(line, { maxLength: 5 }) }),
);

describe("createLineBuffer", () => {
  it("holds at most its bytes, keeps the newest lines in order, and counts what is missing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.array(step, { maxLength: 60 }),
        (most, steps) => {
          const buffer = createLineBuffer(most);
          const added: string[] = [];
          const add = (text: string): void => {
            buffer.add(text);
            added.push(text.replace(/[\r\n]+/gu, " "));
          };
          for (const one of steps) {
            if (one.kind === "add") add(one.line);
            else {
              // A part that could not be shipped comes back, with lines that were written meanwhile.
              const part = buffer.take();
              for (const text of one.between) add(text);
              if (part !== undefined) buffer.giveBack(part);
            }
            expect(buffer.bytes()).toBeLessThanOrEqual(most);
          }
          const part = buffer.take();
          expect(buffer.bytes()).toBe(0);
          if (part === undefined) return;
          expect(part.lines).toEqual(added.slice(added.length - part.lines.length));
          expect(part.dropped + part.lines.length).toBeLessThanOrEqual(added.length);
          const gap = part.dropped === 0 ? "" : `(${part.dropped} lines are missing here)\n`;
          expect(part.text).toBe(`${gap}${part.lines.map((text) => `${text}\n`).join("")}`);
        },
      ),
    );
  });

  it("counts every line that is missing when nothing is taken", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.array(line, { minLength: 1 }),
        (most, lines) => {
          const buffer = createLineBuffer(most);
          for (const text of lines) buffer.add(text);
          const part = buffer.take();
          expect(part === undefined || part.dropped + part.lines.length === lines.length).toBe(
            true,
          );
        },
      ),
    );
  });

  it("cuts lines that are too long", () => {
    const buffer = createLineBuffer(100_000);
    buffer.add("x".repeat(9_000));
    expect(buffer.take()?.text).toBe(`${"x".repeat(8_192)}\n`);
  });
});
