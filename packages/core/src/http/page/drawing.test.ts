import { compileSchedule } from "@runs-fleet/scheduling";
import { renderTimeline } from "@runs-fleet/scheduling/render";
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../html/markup.ts";
import { drawing } from "./drawing.ts";

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
