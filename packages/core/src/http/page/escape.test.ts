import { compileSchedule } from "@runs-fleet/scheduling";
import { renderTimeline } from "@runs-fleet/scheduling/render";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawing, escapeHtml, type Html, html, renderHtml } from "./escape.ts";

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#96;": "`",
};

describe("escapeHtml", () => {
  it("leaves nothing that could open or close markup, and loses nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]|&(?!amp;|lt;|gt;|quot;|#39;|#96;)/);
        expect(
          escaped.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => entities[entity] ?? ""),
        ).toBe(text);
      }),
    );
  });
});

describe("html", () => {
  it("escapes what is inserted, in content and in attributes", () => {
    const text = `"><script>alert('1')</script>`;
    expect(renderHtml(html`<a title="${text}">${text}</a>`)).not.toContain("<script>");
  });

  it("takes markup as it is, alone and in lists, and prints nothing for nothing", () => {
    const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
    expect(renderHtml(html`<ul>${items}</ul>${undefined}${0}`)).toBe(
      "<ul><li>a</li><li>&lt;b&gt;</li></ul>0",
    );
  });

  it("cannot be fooled by data that looks like markup", () => {
    const forged = JSON.parse(
      '{"text":"<script>","html":"<script>","Symbol(html)":"<script>"}',
    ) as Html;
    expect(renderHtml(html`<p>${forged}</p>`)).toBe("<p></p>");
  });
});

describe("drawing", () => {
  const shown = (svg: string): string => renderHtml(drawing(svg));

  it("takes the pictures of schedules, whatever their entries are called", () => {
    const weird = `<script>"'&\u0060</title>`;
    const schedule = compileSchedule(
      {
        timeZone: "Europe/Berlin",
        default: { hot: 1, stopped: 3 },
        entries: [
          { kind: "weekly", name: weird, start: "08:00", end: "18:00", capacity: { hot: 9 } },
        ],
      },
      { smoothing: { leadMs: 900_000, holdMs: 900_000, rampUp: { step: 2, everyMs: 600_000 } } },
    );
    for (const at of ["2026-03-27", "2026-10-23", "2026-11-24"]) {
      const from = Date.parse(at);
      const svg = renderTimeline(schedule, from, from + 5 * 86_400_000, {
        format: "svg",
        now: from + 43_200_000,
        styled: false,
      });
      expect(shown(svg)).toBe(svg.trim().replace(' xmlns="http://www.w3.org/2000/svg"', ""));
      expect(shown(svg)).not.toContain("<script");
    }
  });

  it.each([
    ["a script", "<svg><script>alert(1)</script></svg>"],
    ["a handler", '<svg onload="alert(1)"><g></g></svg>'],
    ["a handler without quotes", "<svg onload=alert(1)><g></g></svg>"],
    ["a style sheet", "<svg><style>*{}</style></svg>"],
    ["a style", '<svg><rect style="fill:red"/></svg>'],
    ["a link", '<svg><a href="javascript:alert(1)"><text>x</text></a></svg>'],
    ["something foreign", "<svg><foreignObject></foreignObject></svg>"],
    ["something from elsewhere", '<svg><rect fill="url(https://evil.test/#x)"/></svg>'],
    ["an image", '<svg><image href="x"/></svg>'],
    ["a comment", "<svg><!-- --></svg>"],
    ["a tag that does not end", '<svg><g class="'],
    ["a stray bracket", "<svg>></svg>"],
  ])("takes nothing that holds %s", (_, svg) => {
    expect(shown(svg)).toBe("");
  });
});
