import type { CauseCode } from "../ports/cause.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { Catalog, Placement } from "../routing/catalog.ts";
import {
  ignoredLabelKeys,
  labelSetKey,
  matchesSome,
  parseLabels,
  type RunnerRequest,
  route,
  shapeKey,
} from "../routing/index.ts";
import type { JobDemand } from "./ask-narrowing.ts";
import type { FleetContext } from "./context.ts";
import type { HistoryLine } from "./records.ts";
import { textHash } from "./text-hash.ts";

/** What becomes of a job by its labels and the configuration. */
export type Routed =
  /** `isObserved`: it would go there, or be refused, and is left to whoever serves it now. */
  | { readonly kind: "placed"; readonly placement: Placement; readonly isObserved: boolean }
  | {
      readonly kind: "refused";
      readonly code: CauseCode;
      readonly message: string;
      readonly isObserved: boolean;
    }
  | { readonly kind: "not-ours" };

/** Longest message of a cause: hostile labels have many problems, and a record has a size. */
const longestMessage = 1_000;

function inWords(issues: readonly { readonly message: string }[]): string {
  const text = issues.map(({ message }) => message).join("; ");
  return text.length > longestMessage ? `${text.slice(0, longestMessage - 1)}…` : text;
}

/**
 * The environment whose business the request is, whether or not it gets what it asks for. One that names none that is
 * known, or that cannot be read, is the default environment's: somebody has to refuse it, and nobody twice.
 */
function environmentOf(request: RunnerRequest | undefined, catalog: Catalog): string {
  const { defaultEnvironment, environments, pools } = catalog;
  const pool = pools.find(({ name }) => name === request?.pool);
  const named = request?.environment ?? pool?.environment ?? defaultEnvironment;
  return environments.some(({ name }) => name === named) ? named : defaultEnvironment;
}

/** Routes a job in one environment and region; jobs of other environments are not ours, not even to be refused. */
export function routeJob(event: JobDemand, context: FleetContext): Routed {
  const { catalog } = context;
  const parsed = parseLabels(event.labels, catalog);
  if (parsed === undefined) return { kind: "not-ours" };
  const request = parsed.ok ? parsed.value : undefined;
  if (environmentOf(request, catalog) !== context.environment) return { kind: "not-ours" };
  const { rollout } = catalog;
  const isObserved = rollout !== undefined && !matchesSome(rollout.claim, event.repository);
  const refused = (code: CauseCode, message: string): Routed => ({
    kind: "refused",
    ...{ code, message, isObserved },
  });
  if (!parsed.ok) return refused("labels-invalid", inWords(parsed.issues));
  const routed = route(parsed.value, event, catalog);
  if (!routed.ok) return refused(routed.issues[0]?.code ?? "no-policy", inWords(routed.issues));
  const placement = routed.value;
  if (!placement.regions.includes(context.region)) {
    return refused(
      "forbidden-region",
      `No machines are served in ${placement.regions.join(", ")} by this orchestrator, only in ${context.region}`,
    );
  }
  return { kind: "placed", placement, isObserved };
}

/** Key of machines and jobs that fit each other. */
export function fitOf(placement: {
  readonly pool?: string;
  readonly shape: Placement["shape"];
}): string {
  return placement.pool === undefined
    ? `shape:${textHash(shapeKey(placement.shape))}`
    : `pool:${placement.pool}`;
}

/** Key of jobs that the same registrations serve: owner, runner group and label set. */
export function demandOf(event: JobEvent, runnerGroup: string | undefined): string {
  const owner = event.repository.slice(0, event.repository.indexOf("/")).toLowerCase();
  return `${owner}|${runnerGroup ?? ""}|${labelSetKey(event.labels)}`;
}

/** Most jobs of one repository at once, by the rule that allowed it. */
export function perRepository(catalog: Catalog, policy: string): number | undefined {
  return catalog.policies.find(({ name }) => name === policy)?.limits?.perRepository;
}

/** How often a job is run again that lost its machine, where its rule does not say. */
const defaultReruns = 1;

/** How often a job is run again that lost its machine, by the rule that allowed it. */
export function mostReruns(catalog: Catalog, policy: string | undefined): number {
  return catalog.policies.find(({ name }) => name === policy)?.rerun?.attempts ?? defaultReruns;
}

/**
 * The placement of a job that must not be interrupted. A pool whose machines may be bought on spot has none to promise, so the job
 * leaves it for a machine of its own, of the same shape.
 */
export function onDemand(placement: Placement, { pools }: Catalog): Placement {
  const { pool: name, shape, ...rest } = placement;
  const own = pools.find((pool) => pool.name === name);
  if (own?.shape.spot === false) return placement;
  return { ...rest, shape: { ...shape, spot: false } };
}

/** Keys of another dialect that we have no counterpart for: no error, but whoever asks why should see them. */
export function ignoredNote(
  event: JobEvent,
  { catalog, nowMs }: FleetContext,
): readonly HistoryLine[] {
  const ignored = ignoredLabelKeys(event.labels, catalog);
  if (ignored.length === 0) return [];
  return [{ atMs: nowMs, code: "labels-ignored", message: `Ignored: ${ignored.join(", ")}` }];
}
