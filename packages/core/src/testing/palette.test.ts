import { describe, expect, it } from "vitest";
import { contrastRatio, palettesOf } from "./palette.ts";

describe("contrastRatio", () => {
  it("is that of the guidelines, whichever colour is in front", () => {
    expect(contrastRatio("#000000", "#ffffff")).toBeCloseTo(21, 10);
    expect(contrastRatio("#ffffff", "#ffffff")).toBe(1);
    // The lightest grey that text on white may have.
    expect(contrastRatio("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
    expect(contrastRatio("#ffffff", "#767676")).toBeCloseTo(4.54, 2);
  });

  it.each(["", "#fff", "#ggffff", "red"])("refuses %j", (colour) => {
    expect(() => contrastRatio(colour, "#ffffff")).toThrow(RangeError);
    expect(() => contrastRatio("#ffffff", colour)).toThrow(RangeError);
  });
});

describe("palettesOf", () => {
  it("reads both schemes, the dark one over the light one", () => {
    const css = `:root {
  --page: #ffffff; --text: #000000; --shadow: none;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #111111; }
}
@media print { :root { --text: #222222; } }`;
    expect(palettesOf(css)).toEqual({
      light: { page: "#ffffff", text: "#000000" },
      dark: { page: "#111111", text: "#000000" },
    });
  });
});
