import { isoOf } from "./iso.ts";
import type { Owner, Repository, World } from "./model.ts";

/** An account as GitHub writes it. */
export function ownerBody(world: World, owner: Pick<Owner, "login" | "id" | "kind">): object {
  const url = `${world.baseUrl}/users/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: `U_${owner.id}`,
    avatar_url: `${world.baseUrl}/avatars/${owner.id}`,
    gravatar_id: "",
    url,
    html_url: `${world.baseUrl}/${owner.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: owner.kind,
    site_admin: false,
  };
}

const plainUrls = [
  "contributors",
  "deployments",
  "downloads",
  "events",
  "forks",
  "hooks",
  "languages",
  "merges",
  "stargazers",
  "subscribers",
  "subscription",
  "tags",
  "teams",
];

const templatedUrls: Readonly<Record<string, string>> = {
  archive: "{archive_format}{/ref}",
  assignees: "assignees{/user}",
  blobs: "git/blobs{/sha}",
  branches: "branches{/branch}",
  collaborators: "collaborators{/collaborator}",
  comments: "comments{/number}",
  commits: "commits{/sha}",
  compare: "compare/{base}...{head}",
  contents: "contents/{+path}",
  git_commits: "git/commits{/sha}",
  git_refs: "git/refs{/sha}",
  git_tags: "git/tags{/sha}",
  issue_comment: "issues/comments{/number}",
  issue_events: "issues/events{/number}",
  issues: "issues{/number}",
  keys: "keys{/key_id}",
  labels: "labels{/name}",
  milestones: "milestones{/number}",
  notifications: "notifications{?since,all,participating}",
  pulls: "pulls{/number}",
  releases: "releases{/id}",
  statuses: "statuses/{sha}",
  trees: "git/trees{/sha}",
};

/** The URL of a repository in the API. */
export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.baseUrl}/repos/${repository.fullName}`;
}

/** Bodies of repositories as they were last written, and what they were written from. */
const written = new WeakMap<Repository, { readonly from: string; readonly body: object }>();

/** A repository in the short form that lists and runs use. */
export function minimalRepositoryBody(world: World, repository: Repository): object {
  const from = `${world.baseUrl} ${repository.visibility} ${repository.fork} ${JSON.stringify(repository.properties)}`;
  const known = written.get(repository);
  if (known?.from === from) return known.body;
  const body = Object.freeze(writeRepository(world, repository));
  written.set(repository, { from, body });
  return body;
}

function writeRepository(world: World, repository: Repository): object {
  const url = repositoryUrl(world, repository);
  const urls: Record<string, string> = {};
  for (const name of plainUrls) urls[`${name}_url`] = `${url}/${name}`;
  for (const [name, rest] of Object.entries(templatedUrls)) urls[`${name}_url`] = `${url}/${rest}`;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    owner: ownerBody(world, repository.owner),
    private: repository.visibility !== "public",
    visibility: repository.visibility,
    html_url: `${world.baseUrl}/${repository.fullName}`,
    description: null,
    fork: repository.fork,
    custom_properties: repository.properties,
    url,
    ...urls,
  };
}

/** A repository in full. */
export function repositoryBody(world: World, repository: Repository): object {
  const html = `${world.baseUrl}/${repository.fullName}`;
  const created = isoOf(repository.createdAtMs);
  return {
    ...minimalRepositoryBody(world, repository),
    git_url: `${html}.git`,
    ssh_url: `git@fake:${repository.fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues_count: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: created,
    created_at: created,
    updated_at: created,
    subscribers_count: 0,
    network_count: 0,
    license: null,
    forks: 0,
    open_issues: 0,
    watchers: 0,
  };
}

/** An installation of the App. */
export function installationBody(
  world: World,
  owner: Owner,
  installationId: number,
  appId: string,
): object {
  return {
    id: installationId,
    account: ownerBody(world, owner),
    repository_selection: "all",
    access_tokens_url: `${world.baseUrl}/app/installations/${installationId}/access_tokens`,
    repositories_url: `${world.baseUrl}/installation/repositories`,
    html_url: `${world.baseUrl}/organizations/${owner.login}/settings/installations/${installationId}`,
    app_id: Number(appId),
    target_id: owner.id,
    target_type: owner.kind,
    permissions: permissions,
    events: ["workflow_job", "push"],
    created_at: isoOf(0),
    updated_at: isoOf(0),
    single_file_name: null,
    app_slug: "runs-fleet",
    suspended_by: null,
    suspended_at: null,
  };
}

/** What the App may do. */
export const permissions = {
  actions: "write",
  administration: "write",
  checks: "write",
  contents: "read",
  metadata: "read",
  organization_self_hosted_runners: "write",
  statuses: "write",
} as const;

/** The App as check runs name it. */
export function appBody(world: World, appId: string): object {
  return {
    id: Number(appId),
    node_id: `A_${appId}`,
    owner: ownerBody(world, { login: "runs-fleet", id: 1, kind: "Organization" }),
    name: "runs-fleet",
    description: null,
    external_url: world.baseUrl,
    html_url: `${world.baseUrl}/apps/runs-fleet`,
    created_at: isoOf(0),
    updated_at: isoOf(0),
    permissions: { checks: "write", metadata: "read", contents: "read" },
    events: ["workflow_job", "push"],
  };
}
