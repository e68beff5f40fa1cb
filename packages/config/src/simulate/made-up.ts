import { type Catalog, matchesRepository, parseLabels, route } from "@runs-fleet/core";

/** What made-up jobs ask for, and where they come from. */
export interface MadeUp {
  readonly labels: readonly (readonly string[])[];
  readonly repositories: readonly string[];
}

const repositoryNames = ["app", "web", "api", "docs", "infra"] as const;

/**
 * Label sets and repositories that a configuration serves: each pool by its name, or a bare request where there is none, from
 * repositories that its policies cover. Empty where no repository may use anything.
 */
export function madeUpFor(catalog: Catalog): MadeUp {
  const { policies, rollout } = catalog;
  const covered = policies.flatMap(({ repositories }) => repositories);
  const candidates = [
    ...new Set([...covered, ...(rollout?.claim ?? [])].flatMap(repositoriesOf)),
    // What is only observed is served by something else.
  ].filter((name) => rollout === undefined || matchesRepository(rollout.claim, name));
  const sets = [...catalog.pools.map(({ name }) => [`runs-fleet/pool=${name}`]), ["runs-fleet"]];
  const served = (labels: readonly string[], repository: string) => {
    const request = parseLabels(labels, catalog);
    const job = { repository, visibility: "private", fork: false } as const;
    return request?.ok === true && route(request.value, job, catalog).ok;
  };
  const labels = sets.filter((set) => candidates.some((repository) => served(set, repository)));
  const pooled = labels.length > 1 ? labels.slice(0, -1) : labels;
  const most = Math.max(0, ...candidates.map((name) => countServed(name)));
  const repositories = candidates.filter((name) => most > 0 && countServed(name) === most);
  return {
    labels: pooled.filter((set) => repositories.some((repository) => served(set, repository))),
    repositories: repositories.slice(0, repositoryNames.length),
  };

  function countServed(repository: string): number {
    return pooled.filter((set) => served(set, repository)).length;
  }
}

/** A few repositories that a glob covers. */
function repositoriesOf(glob: string): readonly string[] {
  const [owner = "", name = ""] = glob === "*" ? ["*", "*"] : glob.split("/");
  const someOwner = plain(owner, "acme");
  return name.includes("*") || name.includes("?")
    ? repositoryNames.map((word) => `${someOwner}/${plain(name, word)}`)
    : [`${someOwner}/${name}`];
}

function plain(glob: string, word: string): string {
  return glob.replace("*", word).replaceAll("*", "").replaceAll("?", "x");
}
