/** Shades of heat besides the one for nothing at all. */
export const SHADES = 8;

/** Pale to deep; the last ones carry white letters. */
const LIGHT = [
  "#eef0f3",
  "#fdebd0",
  "#fcdcae",
  "#f9c98a",
  "#f4b468",
  "#eda055",
  "#df8638",
  "#bd5616",
  "#a04410",
];
const DARK = [
  "#20272f",
  "#33261a",
  "#41301d",
  "#523a20",
  "#654523",
  "#795026",
  "#8f5a28",
  "#c9813a",
  "#e09a4f",
];

/** First shade whose letters are those of the deep end. */
const FIRST_DEEP = { light: 7, dark: 7 } as const;

const shadeRules = (fills: readonly string[]): string =>
  fills.map((fill, shade) => `.rft .k${shade}{fill:${fill}}`).join("");

const deepRules = (from: number, fill: string): string =>
  `${Array.from({ length: SHADES + 1 - from }, (_, index) => `.rft .n${from + index}`).join(",")}{fill:${fill}}`;

/**
 * The style sheet of pictures, for both colour schemes. A page whose content security policy forbids styles inside of a
 * picture renders it with `styled: false` and carries this in a style sheet of its own.
 */
export const timelineStyle: string = [
  ".rft text{font:12px system-ui,sans-serif;fill:#1f2937}.rft .t,.rft .h,.rft .l{font-size:10.5px;fill:#5b6472}",
  ".rft .h,.rft .n{text-anchor:middle}.rft .n{font-size:11px;fill:#3a1a05}.rft .w{font-weight:600}.rft .title{font-size:14px;font-weight:600}",
  ".rft .bg{fill:#ffffff}.rft .g{stroke:#d6dae0}.rft .sw{stroke:#c5cad2}.rft .x{stroke:#1d4f91;stroke-width:1.4;stroke-opacity:.5}",
  ".rft .s{fill:none;stroke:#1d4f91;stroke-width:1.6}.rft .o{fill:none;stroke:#ffffff;stroke-width:4;stroke-opacity:.6}.rft .c{fill:none;stroke:#b0005c;stroke-width:1.5;stroke-dasharray:3 2}",
  ".rft .v{fill:#ffffff}.rft .p{fill:#ffffff;stroke:#b0005c}.rft .d{font-size:10px;fill:#b0005c;text-anchor:middle}",
  ".rft .now{stroke:#111827;stroke-width:2}.rft .nt{fill:#111827}",
  shadeRules(LIGHT),
  deepRules(FIRST_DEEP.light, "#ffffff"),
  "@media (prefers-color-scheme:dark){",
  ".rft text{fill:#e8edf2}.rft .t,.rft .h,.rft .l{fill:#9aa6b3}.rft .n{fill:#f8eee2}",
  ".rft .bg{fill:#151b23}.rft .g{stroke:#2a323c}.rft .sw{stroke:#39434f}.rft .x{stroke:#a9cdf7;stroke-opacity:.45}",
  ".rft .s{stroke:#8fbdf5}.rft .o{stroke:#151b23}.rft .c{stroke:#ff8cc0}.rft .v{fill:#151b23}.rft .p{fill:#151b23;stroke:#ff8cc0}.rft .d{fill:#ff8cc0}",
  ".rft .now{stroke:#ffffff}.rft .nt{fill:#ffffff}",
  shadeRules(DARK),
  deepRules(FIRST_DEEP.dark, "#1c1006"),
  "}",
].join("");

/** Which shade a number of hot machines has; 0 is for none at all. */
export function shadeOf(hot: number, peak: number): number {
  return hot === 0 ? 0 : Math.max(1, Math.min(SHADES, Math.ceil((hot / peak) * SHADES)));
}

const pattern = (id: string, angle: number, gap: number): string =>
  `<pattern id="${id}" width="${gap}" height="${gap}" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><line x1="0" y1="0" x2="0" y2="${gap}" class="x"/></pattern>`;

/** Hatchings of what is above the schedule, by reason. */
export const patterns = `<defs>${pattern("rft-lead", 45, 6)}${pattern("rft-ramp", 0, 5)}${pattern("rft-hold", 90, 5)}</defs>`;
