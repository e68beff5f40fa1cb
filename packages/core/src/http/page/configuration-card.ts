import type { FleetStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import type { ConfigurationStanding } from "../../ports/configuration-source.ts";
import { formatIso, formatRelative, plural } from "./format.ts";

/** A version as people tell it from others: of a blob's or a commit's name the first characters. */
function short(name: string): Html {
  return html`<code class="chip" title="${name}">${/^[0-9a-f]{16,}$/.test(name) ? name.slice(0, 10) : name}</code>`;
}

const when = (atMs: number, nowMs: number): Html =>
  html`<time datetime="${formatIso(atMs)}" title="${formatIso(atMs)}">${formatRelative(atMs, nowMs)}</time>`;

function commitWords(commit: string | undefined): Html {
  return commit === undefined ? html`` : html` of commit ${short(commit)}`;
}

/** Most repositories whose refused file is shown. */
const mostShown = 5;

/** Repositories whose own file is refused: what it said before holds. */
function refusedFiles(repositories: ConfigurationStanding["repositories"]): Html {
  const refused = repositories?.refused ?? [];
  if (refused.length === 0) return html``;
  const count = refused.length + (repositories?.more ?? 0);
  const more = count - mostShown;
  return html`<li class="issue issue-refused"><p class="cause"><strong>${plural(count, "repository has", "repositories have")} a refused file</strong> <code class="code">rejected</code> <span>What it said before, about its own jobs alone, stays in force.</span></p>
<ul class="problems">${refused.slice(0, mostShown).map(({ repository, problem }) => html`<li class="mono">${repository}: ${problem}</li>`)}</ul>
${more > 0 ? html`<p class="faint">and ${more} more</p>` : undefined}
<p class="next"><span class="next-word">Next</span> Whoever pushes such a file is told by a check run; nothing is to be done here.</p></li>`;
}

/**
 * The latest configuration when it was refused, and why; why none can be read; files of repositories that are refused. Nothing
 * while all is well.
 */
export function configurationCard(
  { configuration, catalogVersion }: FleetStatus,
  nowMs: number,
): Html {
  const { rejected, alert, source, repositories } = configuration ?? {};
  const isRefused = (repositories?.refused.length ?? 0) > 0;
  if (rejected === undefined && alert === undefined && !isRefused) return html``;
  const more = rejected?.more ?? 0;
  return html`<section class="card" aria-labelledby="configuration">
<header class="card-head"><h2 id="configuration">Configuration</h2><span class="faint">${source}</span></header>
<ul class="issues">${
    rejected &&
    html`<li class="issue issue-refused"><p class="cause"><strong>The latest version is refused</strong> <code class="code">rejected</code> <span>${short(rejected.version)}${commitWords(rejected.commit)}, ${when(rejected.atMs, nowMs)}; ${short(catalogVersion)} stays in force.</span></p>
<ul class="problems">${rejected.problems.map((problem) => html`<li class="mono">${problem}</li>`)}</ul>
${more > 0 ? html`<p class="faint">and ${plural(more, "problem")} more</p>` : undefined}
<p class="next"><span class="next-word">Next</span> Mend the file and push again; <code>runs-fleet check</code> tells all of it.</p></li>`
  }${
    alert &&
    html`<li class="issue issue-late"><p class="cause"><strong>Its source cannot be read</strong> <code class="code">${alert.cause.code}</code> <span>${alert.cause.message}, since ${when(alert.sinceMs, nowMs)}; ${short(catalogVersion)} stays in force.</span></p>
<p class="next"><span class="next-word">Next</span> Check that the file is there, and that the App may read the repository's contents.</p></li>`
  }${refusedFiles(repositories)}</ul>
</section>`;
}
