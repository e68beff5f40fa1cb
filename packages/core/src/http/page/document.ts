import { timelineStyle } from "@runs-fleet/scheduling/render";
import { type Html, html, renderHtml } from "../../html/markup.ts";
import { commonHeaders } from "../json-response.ts";
import { refreshScript } from "./script.ts";
import { styles } from "./styles.ts";

/** The part of a page that is fetched again and again. */
export interface Fragment {
  /** Title of the window. */
  readonly title: string;
  readonly content: Html;
  /** One sentence above it all. Absent: none. */
  readonly notice?: string;
}

const logo = html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect class="phase-2" x="2" y="4" width="13" height="4" rx="2"></rect><rect class="phase-3" x="6" y="10" width="13" height="4" rx="2"></rect><rect class="phase-4" x="10" y="16" width="12" height="4" rx="2"></rect></svg>`;

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const pageHeaders = {
  ...commonHeaders,
  "content-type": "text/html; charset=utf-8",
  "referrer-policy": "no-referrer",
};

/** The fragment with its title, as the script of the page swaps it in. */
function wrapped({ title, content, notice }: Fragment): Html {
  return html`<div class="stack" data-title="${title}">${
    notice === undefined ? undefined : html`<p class="notice" role="note">${notice}</p>`
  }${content}</div>`;
}

/** The fragment alone. It may neither run nor load anything. */
export function fragmentResponse(fragment: Fragment, status = 200): Response {
  return new Response(renderHtml(wrapped(fragment)), {
    status,
    headers: {
      ...pageHeaders,
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    },
  });
}

/** The whole page. `nonce` is fresh for each answer: only our own script and style carry it. */
export function pageResponse(fragment: Fragment, nonce: string, status = 200): Response {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${fragment.title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${styles}${timelineStyle}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top"><div class="wrap"><a class="brand" href="/">${logo}runs-fleet</a><span class="live" id="live">Live</span></div></header>
<div class="connection" role="status"><p class="wrap" id="connection" hidden></p></div>
<main id="content" class="wrap">${wrapped(fragment)}</main>
<footer class="foot wrap"><a href="/status">Status as JSON</a><a href="/readyz">Readiness</a></footer>
<script nonce="${nonce}">${refreshScript}</script>
</body>
</html>
`;
  return new Response(renderHtml(page), {
    status,
    headers: { ...pageHeaders, "content-security-policy": contentSecurityPolicy(nonce) },
  });
}
