import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, type Html, html, renderHtml, trustedHtml } from "./markup.ts";

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#96;": "`",
};

/** What a browser shows of escaped text, invisible characters put back. */
function unescaped(escaped: string): string {
  return escaped
    .replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => entities[entity] ?? "")
    .replace(/⟨U\+([0-9A-F]{4,6})⟩/g, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

describe("escapeHtml", () => {
  it("leaves nothing that could open or close markup, and loses nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]|&(?!amp;|lt;|gt;|quot;|#39;|#96;)/);
        expect(unescaped(escaped)).toBe(text);
      }),
    );
  });

  it.each([
    ["a text that turns around", "safe\u202Etxt.exe", "safe⟨U+202E⟩txt.exe"],
    ["a blank of no width", "main\u200B", "main⟨U+200B⟩"],
    ["a control character", "\u001b[2J\u0000\r", "⟨U+001B⟩[2J⟨U+0000⟩⟨U+000D⟩"],
    ["a line separator", "a\u2028b", "a⟨U+2028⟩b"],
    ["half a character", "a\ud83d", "a⟨U+D83D⟩"],
  ])("shows %s", (_, text, shown) => {
    expect(escapeHtml(text)).toBe(shown);
  });

  it("leaves letters of every script, line breaks and tabs as they are", () => {
    const text = "Zoë\n\t日本 عربي 🚀";
    expect(escapeHtml(text)).toBe(text);
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

describe("trustedHtml", () => {
  it("is sent as it is", () => {
    expect(renderHtml(html`<p>${trustedHtml("<b>1</b>")}</p>`)).toBe("<p><b>1</b></p>");
  });
});
