import { repositoryUrl } from "./account-bodies.ts";
import type { Commit, Entry, Repository, World } from "./model.ts";
import type { FakeFileRequest } from "./types.ts";
import { ensureRepository, shaOf } from "./world.ts";

/** The commit that a ref names: a sha, a branch; `HEAD` or nothing for the default branch. */
export function resolveRef(repository: Repository, ref: string | undefined): Commit | undefined {
  const asked = ref === undefined || ref === "HEAD" ? repository.defaultBranch : ref;
  const name = asked.replace(/^refs\/heads\//, "");
  return repository.commits.get(repository.heads.get(name) ?? name);
}

function entryOf(file: FakeFileRequest): Entry | undefined {
  if (file.symlink !== undefined) {
    return { kind: "symlink", target: file.symlink, sha: shaOf(`link ${file.symlink}`) };
  }
  if (file.submodule !== undefined) {
    return { kind: "submodule", url: file.submodule, sha: shaOf(`module ${file.submodule}`) };
  }
  if (file.text === undefined) return undefined;
  const bytes = Buffer.byteLength(file.text);
  return { kind: "file", text: file.text, sha: shaOf(`blob ${bytes}\0${file.text}`) };
}

/** Commits a change of one file to a branch. */
export function commitFile(
  world: World,
  file: FakeFileRequest,
): { readonly repository: Repository; readonly commit: Commit; readonly branch: string } {
  const repository = ensureRepository(world, file.repository);
  const branch = file.branch ?? repository.defaultBranch;
  const parent = resolveRef(repository, branch) ?? resolveRef(repository, undefined);
  const tree = new Map(parent?.tree);
  const entry = entryOf(file);
  if (entry === undefined) tree.delete(file.path);
  else tree.set(file.path, entry);
  const atMs = world.clock.now();
  const sha = shaOf(`${parent?.sha} ${atMs} ${file.path} ${entry?.sha} ${world.nextId()}`);
  const message = `Change ${file.path}`;
  const commit: Commit = { sha, parent: parent?.sha, atMs, message, tree };
  repository.commits.set(sha, commit);
  repository.heads.set(branch, sha);
  return { repository, commit, branch };
}

/** Where a symbolic link leads, from the directory of `path`. */
function targetOf(path: string, target: string): string {
  const parts = target.startsWith("/") ? [] : path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** What the API answers for a path of a tree: an object, an array for a directory, `undefined` for nothing. */
export function contentsBody(
  world: World,
  repository: Repository,
  commit: Commit,
  path: string,
): object | undefined {
  const common = (at: string, sha: string, size: number): object => {
    const encoded = at.split("/").map(encodeURIComponent).join("/");
    const url = `${repositoryUrl(world, repository)}/contents/${encoded}?ref=${commit.sha}`;
    const git = `${repositoryUrl(world, repository)}/git/blobs/${sha}`;
    const html = `${world.baseUrl}/${repository.fullName}/blob/${commit.sha}/${encoded}`;
    return {
      size,
      name: at.split("/").at(-1) ?? at,
      path: at,
      sha,
      url,
      git_url: git,
      html_url: html,
      download_url: html,
      _links: { self: url, git, html },
    };
  };
  const entry = commit.tree.get(path);
  if (entry === undefined) {
    const inside = [...commit.tree].filter(([at]) => at.startsWith(path === "" ? "" : `${path}/`));
    if (inside.length === 0) return undefined;
    return inside.map(([at, one]) => ({
      ...common(at, one.sha, one.kind === "file" ? Buffer.byteLength(one.text) : 0),
      type: one.kind === "symlink" ? "symlink" : "file",
    }));
  }
  if (entry.kind === "submodule") {
    return { ...common(path, entry.sha, 0), type: "submodule", submodule_git_url: entry.url };
  }
  const target =
    entry.kind === "symlink" ? commit.tree.get(targetOf(path, entry.target)) : undefined;
  const file = entry.kind === "file" ? entry : target?.kind === "file" ? target : undefined;
  if (file === undefined) {
    return {
      ...common(path, entry.sha, 0),
      type: "symlink",
      target: entry.kind === "symlink" ? entry.target : "",
    };
  }
  const bytes = Buffer.from(file.text, "utf8");
  const big = bytes.length > 1_048_576;
  return {
    ...common(path, file.sha, bytes.length),
    type: "file",
    encoding: big ? "none" : "base64",
    content: big
      ? ""
      : (bytes.toString("base64").match(/.{1,60}/g) ?? []).map((line) => `${line}\n`).join(""),
  };
}
