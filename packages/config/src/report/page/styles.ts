import { html } from "@runs-fleet/core/html";

/** The style of the page: one column of cards, system fonts, both colour schemes, paper; nothing from outside. */
export const styles = html`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #d9dee5; --line-soft: #edf0f3; --text: #161b22; --soft: #56606c; --link: #0b5cc4; --track: #eef1f5;
  --good: #12743a; --good-soft: #e2f4e8; --warn: #8f5200; --warn-soft: #fdf0d8; --bad: #b3261e; --bad-soft: #fce8e6; --calm: #3d5a80; --calm-soft: #e6edf6;
  --busy: #2f6fcf; --idle: #e39a3c; --boot: #7b61d1; --disk: #8d98a7;
  --hot: #1f8a4c; --stopped: #38a3b8; --cold: #d9722b;
  --target: #161b22; --ready: #e39a3c; --limit: #b3261e;
  --before: #8d98a7; --busy-fill: #a9c5ef; --ready-fill: #f5d9b0;
  --phase-0: #8d98a7; --phase-1: #b3261e; --phase-2: #e08a2e; --phase-3: #7b61d1; --phase-4: #38a3b8; --phase-5: #1f8a4c;
  --heat-0: #e3eef8; --heat-1: #b6d4ec; --heat-2: #7fb2dc; --heat-3: #f9d38b; --heat-4: #f0a04f; --heat-5: #cb4a22;
  --heat-ink: #161b22; --heat-ink-5: #ffffff;
  --shadow: 0 1px 2px rgba(20, 30, 45, .05); --edge: rgba(20, 30, 45, .16);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --line: #2a323c; --line-soft: #20272f; --text: #e8edf2; --soft: #9aa6b3; --link: #79b4ff; --track: #1d242d;
    --good: #5fd38a; --good-soft: #12301f; --warn: #f0b45c; --warn-soft: #36270f; --bad: #ff9189; --bad-soft: #3a1a18; --calm: #9cc0ec; --calm-soft: #1a2738;
    --busy: #5b98ee; --idle: #d99a45; --boot: #9a84ea; --disk: #6f7b8a;
    --hot: #45b670; --stopped: #37b3c4; --cold: #e0854a;
    --target: #e8edf2; --ready: #d99a45; --limit: #ff9189;
    --before: #6f7b8a; --busy-fill: #264870; --ready-fill: #66502d;
    --phase-0: #748091; --phase-1: #ef7f76; --phase-2: #dc9347; --phase-3: #9a84ea; --phase-4: #37b3c4; --phase-5: #45b670;
    --heat-0: #172c40; --heat-1: #1d476a; --heat-2: #2b6c9f; --heat-3: #7d5c1d; --heat-4: #9c5717; --heat-5: #f0683f;
    --heat-ink: #e8edf2; --heat-ink-5: #161b22;
    --shadow: none; --edge: rgba(0, 0, 0, .6);
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 16px; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
h1, h2, h3, p, dl, dd, ul, ol, figure { margin: 0; padding: 0; }
code, .mono { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .87em; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.card > p.soft { margin-top: 8px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; background: var(--card); padding: 6px 10px; z-index: 3; }
.wrap { max-width: 1160px; margin: 0 auto; padding: 0 24px; }

.top { border-bottom: 1px solid var(--line); background: var(--card); }
.top .wrap { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 18px; padding-top: 13px; padding-bottom: 13px; }
.brand { font-weight: 650; letter-spacing: -.01em; }
.top p { font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }

main.wrap { display: grid; gap: 18px; grid-template-columns: minmax(0, 1fr); padding-top: 24px; padding-bottom: 40px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); padding: 20px 24px 22px; }
.card > h2 { font-size: 17px; line-height: 1.3; letter-spacing: -.01em; }
.card > h2 + p { color: var(--soft); max-width: 78ch; margin-top: 3px; }
.card h3 { font-size: 14px; font-weight: 620; margin: 22px 0 6px; overflow-wrap: anywhere; }
.card h3 small { font-weight: 400; color: var(--soft); font-size: 13px; margin-left: 6px; }

.hero h1 { font-size: 27px; line-height: 1.25; letter-spacing: -.02em; max-width: 30em; text-wrap: balance; overflow-wrap: anywhere; }
.hero > p { color: var(--soft); margin-top: 5px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin-top: 18px; }
.tile { background: var(--track); border-radius: 8px; padding: 10px 14px; }
.tile dt { font-size: 12.5px; color: var(--soft); }
.tile dd { font-size: 21px; font-weight: 620; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.tile dd small { display: block; font-size: 12.5px; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.notes { list-style: none; margin-top: 16px; display: grid; gap: 7px; }
.notes li { display: flex; gap: 9px; align-items: baseline; overflow-wrap: anywhere; }
.badge { flex: none; font-size: 12px; font-weight: 600; border-radius: 5px; padding: 1px 7px; min-width: 70px; text-align: center; }
.good { color: var(--good); background: var(--good-soft); }
.warn { color: var(--warn); background: var(--warn-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.calm { color: var(--calm); background: var(--calm-soft); }

.toc { font-size: 13.5px; display: flex; flex-wrap: wrap; gap: 3px 16px; padding: 0 2px; }

.scroll { overflow-x: auto; margin-top: 10px; background: linear-gradient(90deg, var(--card) 40%, transparent) 0 0 / 32px 100% no-repeat local, linear-gradient(270deg, var(--card) 40%, transparent) 100% 0 / 32px 100% no-repeat local, linear-gradient(90deg, var(--edge), transparent) 0 0 / 10px 100% no-repeat scroll, linear-gradient(270deg, var(--edge), transparent) 100% 0 / 10px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding-bottom: 4px; }
th, td { text-align: right; padding: 6px 0 6px 18px; border-bottom: 1px solid var(--line-soft); white-space: nowrap; vertical-align: baseline; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th.left, td.left { text-align: left; }
td.text { text-align: left; white-space: normal; min-width: 180px; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 500; font-size: 12.5px; border-bottom-color: var(--line); vertical-align: bottom; }
tbody th { font-weight: 560; min-width: 92px; max-width: 320px; white-space: normal; overflow-wrap: break-word; }
tr:last-child > * { border-bottom: 0; }
tr.sum > * { border-top: 1px solid var(--line); font-weight: 620; }
td.over { color: var(--bad); font-weight: 600; }
td.less { color: var(--good); }

.plot { margin-top: 8px; }
.plot svg { display: block; width: 100%; height: auto; font-family: inherit; }
.plot .narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 3px 16px; list-style: none; font-size: 13px; color: var(--soft); margin-top: 10px; }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
.swatch { width: 12px; height: 12px; border-radius: 3px; flex: none; box-shadow: inset 0 0 0 1px rgba(128, 136, 148, .4); }
.swatch.line { height: 3px; border-radius: 1px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 4px 36px; }
.bars { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: var(--track); gap: 1px; min-width: 90px; }
.bars span { display: block; }
details { margin-top: 12px; }
details > summary { cursor: pointer; color: var(--link); font-size: 13.5px; }
.facts { margin: 6px 0 0; padding-left: 1.15em; display: grid; gap: 4px; max-width: 90ch; }
.facts li { overflow-wrap: anywhere; }

.jobs { list-style: none; margin-top: 12px; }
.jobs > li { border-top: 1px solid var(--line-soft); padding: 10px 0 11px; }
.jobs details { margin: 0; }
.jobs summary { color: inherit; font-size: 14px; display: grid; grid-template-columns: 112px minmax(0, 1fr) minmax(110px, 200px); gap: 4px 16px; align-items: center; list-style: none; }
.jobs summary::-webkit-details-marker { display: none; }
.jobs summary strong { white-space: nowrap; font-variant-numeric: tabular-nums; }
.jobs summary strong::before { content: "▸ "; color: var(--soft); font-weight: 400; }
.jobs details[open] summary strong::before { content: "▾ "; }
.jobs .where { overflow-wrap: anywhere; }
.chain { margin: 8px 0 2px 128px; font-size: 13.5px; display: grid; gap: 3px; list-style: none; }
.chain li { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 12px; }
.chain time { white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; text-align: right; }
.chain span { overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; padding-bottom: 40px; }

@media (max-width: 700px) {
  .wrap { padding-left: 14px; padding-right: 14px; }
  main.wrap { gap: 12px; padding-top: 12px; }
  .card { padding: 16px 14px 18px; border-radius: 8px; }
  .hero h1 { font-size: 21px; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .plot .wide { display: none; }
  .plot .narrow { display: block; }
  table { font-size: 13px; }
  th, td { padding-left: 11px; }
  td.text { min-width: 120px; }
  .jobs summary { grid-template-columns: 104px minmax(0, 1fr); }
  .jobs summary .bars { grid-column: 2; }
  .chain { margin-left: 0; }
}
@media print {
  :root { color-scheme: light; --page: #ffffff; --shadow: none; }
  body { font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .wrap { max-width: none; padding: 0; }
  .toc, .skip { display: none; }
  .card { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; }
  .plot, .scroll, tr, .chain li, .tile { break-inside: avoid; }
  h2, h3, h2 + p, .legend { break-after: avoid; }
  .pair { grid-template-columns: 1fr 1fr; }
  .jobs summary { break-after: avoid; }
  .chain { margin-left: 0; gap: 0; font-size: 9pt; }
  .scroll { overflow: visible; background: none; }
  details::details-content { content-visibility: visible; height: auto; }
}
`;
