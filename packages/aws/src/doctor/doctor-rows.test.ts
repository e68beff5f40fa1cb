import { expect, it } from "vitest";
import { doctorRows } from "./doctor-rows.ts";

const ids = doctorRows.map(({ id }) => id);

it("has each row once", () => {
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/u);
});

it("asks a row after those that it depends on, so that it never waits for one that comes later", () => {
  for (const { id, after = [], unless = [] } of doctorRows) {
    for (const other of [...after, ...unless]) {
      expect(ids.slice(0, ids.indexOf(id)), `${id} after ${other}`).toContain(other);
    }
  }
});

it("buys only in rows that are live, and ends with the one that takes everything away", () => {
  const cleanUps = doctorRows.filter(({ isCleanUp }) => isCleanUp === true);
  expect(cleanUps.map(({ id }) => id)).toEqual([ids.at(-1)]);
  const firstLive = doctorRows.findIndex(({ isLive }) => isLive === true);
  expect(doctorRows.slice(firstLive).every(({ isLive }) => isLive === true)).toBe(true);
});

it("says for every row what is asked and why", () => {
  for (const { question, why } of doctorRows) {
    expect(question).toMatch(/^[A-Z].{10,}\?$/u);
    expect(why).toMatch(/^[A-Z].{20,}$/u);
  }
});
