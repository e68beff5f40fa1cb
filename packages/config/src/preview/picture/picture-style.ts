import { html } from "@runs-fleet/core/html";

/** Colours and letters of the pictures, in both colour schemes; on paper the light one. */
export const pictureStyle = html`
.rfp {
  --p-page: #f6f7f9; --p-card: #ffffff; --p-edge: #d9dee5; --p-grid: #d5dbe2; --p-axis: #9aa4b0; --p-text: #161b22; --p-soft: #56606c;
  --p-hot: #f0a85c; --p-hot-line: #b8540f; --p-hot-ink: #3a1a05; --p-stopped: #cfe0f5; --p-stopped-line: #2f66ad; --p-stopped-ink: #14365f;
  --p-weekend: #f1f3f6; --p-mark: #f3e9fb; --p-mark-ink: #6b2fa0; --p-clock: #b0005c; --p-limit: #b3261e;
}
@media (prefers-color-scheme: dark) {
.rfp {
  --p-page: #0d1117; --p-card: #151b23; --p-edge: #2a323c; --p-grid: #38434e; --p-axis: #66717e; --p-text: #e8edf2; --p-soft: #9aa6b3;
  --p-hot: #9c5a26; --p-hot-line: #f4b468; --p-hot-ink: #fff4e6; --p-stopped: #1f3a5c; --p-stopped-line: #79b0f2; --p-stopped-ink: #d5e6fb;
  --p-weekend: #1d2631; --p-mark: #33264d; --p-mark-ink: #cfa8f5; --p-clock: #ff8cc0; --p-limit: #ff9189;
}
}
@media print {
  .rfp { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
.rfp text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--p-text); }
.rfp .page { fill: var(--p-page); }
.rfp .card { fill: var(--p-card); stroke: var(--p-edge); }
.rfp .h1 { font-size: 20px; font-weight: 650; }
.rfp .h2 { font-size: 15px; font-weight: 620; }
.rfp .soft, .rfp .tick, .rfp .hour { fill: var(--p-soft); }
.rfp .tick { font-size: 11px; text-anchor: end; }
.rfp .hour { font-size: 10px; text-anchor: middle; }
.rfp .day { font-size: 12px; }
.rfp .off { font-weight: 620; }
.rfp .weekend { fill: var(--p-weekend); }
.rfp .mark { fill: var(--p-mark); }
.rfp .name { font-size: 11px; fill: var(--p-mark-ink); }
.rfp .grid { stroke: var(--p-grid); }
.rfp .axis { stroke: var(--p-axis); }
.rfp .hot { fill: var(--p-hot); }
.rfp .hot-line { fill: none; stroke: var(--p-hot-line); stroke-width: 1.8; }
.rfp .stopped { fill: var(--p-stopped); }
.rfp .stopped-line { fill: none; stroke: var(--p-stopped-line); stroke-width: 1.4; }
.rfp .n { font-size: 11.5px; font-weight: 600; text-anchor: middle; font-variant-numeric: tabular-nums; pointer-events: none; }
.rfp .in-hot { fill: var(--p-hot-ink); }
.rfp .in-stopped { fill: var(--p-stopped-ink); }
.rfp .clock { stroke: var(--p-clock); stroke-width: 1.4; stroke-dasharray: 3 2; }
.rfp .sign { fill: var(--p-card); stroke: var(--p-clock); }
.rfp .sign-text { font-size: 10.5px; fill: var(--p-clock); text-anchor: middle; }
.rfp .limit { stroke: var(--p-limit); stroke-width: 1.4; stroke-dasharray: 7 4; }
.rfp .limit-text { font-size: 11px; fill: var(--p-limit); text-anchor: end; paint-order: stroke; stroke: var(--p-card); stroke-width: 4px; stroke-linejoin: round; }
.rfp .none { fill: var(--p-soft); text-anchor: middle; paint-order: stroke; stroke: var(--p-card); stroke-width: 6px; stroke-linejoin: round; }
.rfp .touch { fill: none; pointer-events: all; }
.rfp .swatch { stroke: var(--p-edge); }
`;
