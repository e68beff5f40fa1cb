/** Names that nothing can have: built-in runners, and what JavaScript's objects have already. */
const reserved = /^(?:\d+cpu-(?:linux|windows)-(?:x64|arm64)|constructor|prototype)$/;
const ours = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const longest = 63;

/** Whether a name can stay as it is. */
const isOurs = (name: string): boolean => ours.test(name) && !reserved.test(name);

/**
 * Names of ours for names of theirs, each once; those that we can have as well stay.
 *
 * @param fallback - For a name of which nothing is left.
 */
export function mapNames(theirs: Iterable<string>, fallback: string): ReadonlyMap<string, string> {
  const all = [...new Set(theirs)];
  const taken = new Set(all.filter(isOurs));
  const names = new Map<string, string>();
  for (const name of all) {
    if (isOurs(name)) {
      names.set(name, name);
      continue;
    }
    const base = near(name, fallback);
    let free = base;
    for (let next = 2; taken.has(free); next += 1) {
      const end = `-${next}`;
      free = base.slice(0, longest - end.length) + end;
    }
    taken.add(free);
    names.set(name, free);
  }
  return names;
}

function near(name: string, fallback: string): string {
  const kept = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[_-]+/, "")
    .slice(0, longest)
    .replace(/-+$/, "");
  if (kept === "") return fallback;
  return reserved.test(kept) ? `custom-${kept}`.slice(0, longest) : kept;
}
