import { html } from "../../html/markup.ts";

/** The style of the page: one column of cards, system fonts, both colour schemes, nothing from outside. */
export const styles = html`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #e1e5ea; --line-soft: #edf0f3;
  --text: #161b22; --soft: #56606c; --link: #0b5cc4; --track: #e9edf1; --chip: #eef1f5;
  --good: #12743a; --good-soft: #e2f4e8; --warn: #8f5200; --warn-soft: #fdf0d8; --bad: #b3261e; --bad-soft: #fce8e6;
  --calm: #3d5a80; --calm-soft: #e6edf6;
  --phase-0: #8792a2; --phase-1: #d9822b; --phase-2: #6f5bd6; --phase-3: #1296a8; --phase-4: #2c9c55;
  --shadow: 0 1px 2px rgba(20, 30, 45, .05);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --line: #2a323c; --line-soft: #20272f;
    --text: #e8edf2; --soft: #9aa6b3; --link: #79b4ff; --track: #242c36; --chip: #222a34;
    --good: #5fd38a; --good-soft: #12301f; --warn: #f0b45c; --warn-soft: #36270f; --bad: #ff9189; --bad-soft: #3a1a18;
    --calm: #9cc0ec; --calm-soft: #1a2738;
    --phase-0: #748091; --phase-1: #e0954a; --phase-2: #9584ee; --phase-3: #37b3c4; --phase-4: #45b670;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
h1, h2, p, dl, dd, ul, ol { margin: 0; padding: 0; }
.mono, code { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; }
.faint, .note { color: var(--soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; background: var(--card); padding: 6px 10px; z-index: 3; }
.wrap { max-width: 1160px; margin: 0 auto; padding: 0 24px; }

.top { border-bottom: 1px solid var(--line); background: var(--card); }
.top .wrap { display: flex; align-items: center; gap: 10px; min-height: 52px; }
.brand { display: inline-flex; align-items: center; gap: 9px; font-weight: 650; letter-spacing: -.01em; color: var(--text); }
.brand:hover { text-decoration: none; }
.brand svg { width: 22px; height: 22px; }
.live { margin-left: auto; display: inline-flex; align-items: center; gap: 7px; font-size: 13px; color: var(--soft); }
.live::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--good); }
.lost .live { color: var(--bad); }
.lost .live::before { background: var(--bad); }
.lost #content { opacity: .55; }
.connection { background: var(--bad-soft); color: var(--bad); font-weight: 550; }
.connection p { padding-top: 9px; padding-bottom: 9px; }
.connection p[hidden] { display: none; }

.notice { border: 1px solid var(--warn); border-radius: 10px; background: var(--warn-soft); color: var(--warn); font-weight: 550; padding: 9px 16px; overflow-wrap: anywhere; }

#content { display: block; padding-top: 24px; padding-bottom: 8px; }
.stack { display: grid; gap: 18px; grid-template-columns: minmax(0, 1fr); }
.pair { display: grid; gap: 18px; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: stretch; }
.card, .hero { background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
.card-head { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; padding: 14px 18px 10px; }
.card-head h2 { font-size: 15px; font-weight: 650; letter-spacing: -.005em; }
.card-head .faint { font-size: 13px; }
.empty, .more { padding: 4px 18px 18px; color: var(--soft); }

.hero { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 16px; row-gap: 18px; align-items: center; padding: 20px 22px 18px; --tone: var(--good); --tone-soft: var(--good-soft); }
.tone-attention { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.tone-draining, .tone-standby { --tone: var(--calm); --tone-soft: var(--calm-soft); }
.symbol { width: 40px; height: 40px; padding: 8px; border-radius: 50%; background: var(--tone-soft); fill: none; stroke: var(--tone); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.hero h1 { font-size: 21px; line-height: 1.3; font-weight: 620; letter-spacing: -.015em; text-wrap: pretty; overflow-wrap: anywhere; }
.tiles { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); border-top: 1px solid var(--line-soft); padding-top: 16px; gap: 0; }
.tile { display: grid; padding-left: 18px; border-left: 1px solid var(--line-soft); }
.tile:first-child { padding-left: 0; border-left: 0; }
.tile dt { font-size: 13px; color: var(--soft); }
.tile dd { font-size: 24px; line-height: 1.3; font-weight: 620; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile dd.note { font-size: 12.5px; font-weight: 400; letter-spacing: 0; }
.facts { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 26px; border-top: 1px solid var(--line-soft); padding-top: 14px; font-size: 14px; }
.facts div { display: flex; gap: 7px; align-items: baseline; min-width: 0; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.hero .cause, .hero .next { grid-column: 1 / -1; }
.hero .next { margin-top: -12px; }
.hero h1:first-child { grid-column: 1; }
.hero.job { grid-template-columns: minmax(0, 1fr) auto; }
.under { display: block; font-size: 15px; font-weight: 400; letter-spacing: 0; color: var(--soft); }
.job-state { font-size: 16px; }
.identity { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; padding: 0 2px; }

.scroll { overflow-x: auto; padding-bottom: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { padding: 8px 10px; text-align: left; font-weight: 400; white-space: nowrap; vertical-align: middle; }
th:first-child, td:first-child { padding-left: 18px; }
th:last-child, td:last-child { padding-right: 18px; }
thead th { font-size: 12.5px; color: var(--soft); border-bottom: 1px solid var(--line); padding-top: 2px; padding-bottom: 6px; }
tbody tr + tr > * { border-top: 1px solid var(--line-soft); }
tbody th { font-weight: 550; }
tfoot > tr > * { border-top: 1px solid var(--line); }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.wide { width: 34%; min-width: 110px; }
.bad { color: var(--bad); font-weight: 550; }
td.repository, th.repository { max-width: 260px; overflow: hidden; text-overflow: ellipsis; }
.waits .note, .waterfall .note { display: block; font-size: 12.5px; font-weight: 400; margin-left: 18px; line-height: 1.35; white-space: normal; }
.waits :is(th, td):not(:first-child) { padding-left: 6px; }
.waits :is(th, td):not(:last-child) { padding-right: 6px; }
.waterfall .wide { width: 52%; min-width: 150px; }
.waits .wide { width: 32%; min-width: 90px; }

.bar { display: block; width: 100%; height: 10px; border-radius: 5px; background: var(--track); overflow: hidden; }
.bar.strip { height: 8px; border-radius: 2px; min-width: 110px; background: transparent; }
.bar.lane { height: 18px; border-radius: 4px; background: linear-gradient(to right, var(--line-soft) 1px, transparent 1px) 0 0 / 25% 100%; }
.phase-0 { fill: var(--phase-0); background: var(--phase-0); } .phase-1 { fill: var(--phase-1); background: var(--phase-1); }
.phase-2 { fill: var(--phase-2); background: var(--phase-2); } .phase-3 { fill: var(--phase-3); background: var(--phase-3); }
.phase-4 { fill: var(--phase-4); background: var(--phase-4); }
.pale { opacity: .38; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 8px; }
.ticks { display: flex; justify-content: space-between; gap: 8px; font-variant-numeric: tabular-nums; }

.state { display: inline-flex; align-items: center; gap: 7px; font-weight: 550; }
.state::before { content: ""; flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--soft); }
.state-queued::before { background: transparent; box-shadow: inset 0 0 0 2px var(--phase-1); }
.state-assigned::before { background: var(--phase-2); }
.state-running::before { background: var(--link); }
.state-completed::before { background: var(--good); }
.state-failed { color: var(--bad); } .state-failed::before { background: var(--bad); border-radius: 2px; }
.state-cancelled { color: var(--soft); font-weight: 400; }
.served { font-size: 12.5px; padding: 1px 8px; border-radius: 99px; background: var(--chip); }
.served-hot { background: var(--good-soft); color: var(--good); }
.served-stopped { background: var(--calm-soft); color: var(--calm); }

.issues { list-style: none; }
.issue { position: relative; padding: 12px 18px 14px 22px; border-top: 1px solid var(--line-soft); display: grid; gap: 6px; }
.issue::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; width: 4px; background: var(--phase-1); }
.issue-refused::before { background: var(--bad); }
.issue:last-child { border-radius: 0 0 10px 10px; overflow: hidden; }
.issue-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
.problems { list-style: none; font-size: 13px; display: grid; gap: 3px; overflow-wrap: anywhere; }
.issue-head .repository { font-weight: 550; overflow-wrap: anywhere; }
.issue-head .faint { font-size: 13.5px; }
.chips { display: flex; flex-wrap: wrap; gap: 5px; }
.chip, .code { background: var(--chip); border-radius: 5px; padding: 1px 6px; overflow-wrap: anywhere; }
.code { white-space: nowrap; }
.cause { overflow-wrap: anywhere; }
.cause .code { margin: 0 4px; }
.next { color: var(--soft); }
.next-word { display: inline-block; font-size: 12px; font-weight: 650; color: var(--calm); background: var(--calm-soft); border-radius: 5px; padding: 1px 7px; margin-right: 6px; }

.pool-list { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 0; border-top: 1px solid var(--line-soft); overflow: hidden; }
.pool { display: grid; gap: 8px; align-content: start; padding: 14px 18px 16px; border-bottom: 1px solid var(--line-soft); border-right: 1px solid var(--line-soft); margin: 0 -1px -1px 0; min-width: 0; font-size: 14px; overflow-wrap: anywhere; }
.pool-head { display: flex; align-items: baseline; justify-content: space-between; gap: 4px 14px; }
.pool-head h3, .chart h3 { margin: 0; font-size: 15px; font-weight: 620; min-width: 0; }
.pool-head .state { flex: none; }
.pool-numbers { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 16px; font-variant-numeric: tabular-nums; }
.pool-numbers strong { font-size: 20px; font-weight: 620; letter-spacing: -.02em; }
.pool-size { font-size: 12.5px; }
.pool-name { overflow-wrap: anywhere; }
.pool-well::before { background: var(--good); } .pool-filling::before { background: var(--phase-1); }
.pool-above::before { background: var(--link); } .pool-short { color: var(--bad); } .pool-short::before { background: var(--bad); border-radius: 2px; }
.pool-empty { color: var(--soft); font-weight: 400; } .pool-empty::before { background: transparent; box-shadow: inset 0 0 0 2px var(--soft); }
.words { grid-column: 1 / -1; display: grid; gap: 4px; font-size: 16px; overflow-wrap: anywhere; }
.words p + p { color: var(--soft); }

.spark { display: block; width: 100%; height: 44px; border-bottom: 1px solid var(--line); }
.spark-none { font-size: 13px; min-height: 44px; }
.spark path, .plot svg path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.curve-target { stroke: var(--text); stroke-width: 1.6; } .plot svg .ahead { stroke-dasharray: 3 4; stroke: var(--soft); }
.curve-ready { stroke: var(--phase-4); stroke-width: 1.4; } .curve-booting { stroke: var(--phase-1); stroke-width: 1.8; }
.curve-busy { stroke: var(--link); stroke-width: 1.8; } .curve-stopped { stroke: var(--phase-2); stroke-width: 1.4; }
.spark .area-ready, .plot svg .area-ready { fill: var(--phase-4); fill-opacity: .22; } .plot svg .area-stopped { fill: var(--phase-2); fill-opacity: .22; }
.chart { margin: 0; padding: 2px 18px 14px; }
.chart figcaption { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 18px; padding-bottom: 8px; }
.chart h3 { font-size: 13.5px; font-weight: 550; color: var(--soft); }
.keys { list-style: none; display: flex; flex-wrap: wrap; gap: 3px 16px; font-size: 13px; }
p.keys { padding-top: 10px; }
.key { display: inline-block; width: 16px; height: 0; border-top: 3px solid var(--text); margin-right: 6px; vertical-align: middle; }
.key-ready, .key-stopped { height: 10px; border: 1px solid var(--phase-4); border-radius: 2px; background: color-mix(in srgb, var(--phase-4) 25%, transparent); }
.key-stopped { border-color: var(--phase-2); background: color-mix(in srgb, var(--phase-2) 25%, transparent); }
.key-booting { border-color: var(--phase-1); } .key-busy { border-color: var(--link); }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 8px; }
.plot svg { display: block; width: 100%; height: 170px; }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-size: 12px; line-height: 1; color: var(--soft); font-variant-numeric: tabular-nums; }
.plot .ticks { grid-column: 2; font-size: 12px; padding-top: 4px; }
.plot svg .grid { stroke: var(--line-soft); stroke-width: 1; } .plot svg .base { stroke: var(--line); }
.plot svg .now-line { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.week .rft { display: block; width: 100%; height: auto; min-width: 720px; }
.causes { white-space: normal; min-width: 160px; overflow-wrap: anywhere; }
.explained { padding: 0 18px 10px; font-size: 14px; overflow-wrap: anywhere; }
ul.explained { list-style: none; padding-bottom: 16px; display: grid; gap: 4px; color: var(--soft); }

details summary { padding: 2px 18px 10px; color: var(--soft); cursor: pointer; font-size: 14px; }
.decisions { list-style: none; padding: 0 18px 12px; font-size: 14px; }
.decisions li { display: grid; grid-template-columns: 76px minmax(0, 1fr); padding: 7px 0; border-top: 1px solid var(--line-soft); overflow-wrap: anywhere; }
.subject { color: var(--soft); margin-left: 4px; }
.subject span + span { margin-left: 10px; }
.foot { color: var(--soft); font-size: 13px; padding-top: 14px; padding-bottom: 32px; display: flex; flex-wrap: wrap; gap: 4px 18px; }

@media (max-width: 900px) { .pair { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 640px) {
  .wrap { padding: 0 14px; }
  #content { padding-top: 14px; }
  .stack, .pair { gap: 14px; }
  .hero { padding: 16px; column-gap: 12px; }
  .symbol { width: 34px; height: 34px; padding: 7px; }
  .hero h1 { font-size: 18px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); row-gap: 14px; }
  .tile:nth-child(odd) { padding-left: 0; border-left: 0; }
  .facts { display: grid; gap: 6px; }
  .waits .note, .waterfall .note, .waterfall :is(th, td):nth-child(2), .ticks span:nth-child(even) { display: none; }
  .waterfall .wide { min-width: 90px; }
  .waterfall :is(th, td) { padding-left: 6px; padding-right: 6px; }
  .waterfall :is(th, td):first-child { padding-left: 16px; }
  .waterfall :is(th, td):last-child { padding-right: 16px; }
}
@media (prefers-contrast: more) { :root { --soft: var(--text); --line-soft: var(--line); } }
@media (prefers-reduced-motion: no-preference) {
  .under-way { animation: breathe 2s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: .55; } }
}
`;
