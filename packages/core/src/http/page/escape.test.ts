import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, type Html, html, renderHtml } from "./escape.ts";

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
