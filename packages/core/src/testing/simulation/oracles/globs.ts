/** Whether one of the globs, read plainly, names it: a star is any run of characters, a question mark is one. */
export function names(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => {
    const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
    const pattern = escaped.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
    return new RegExp(`^${pattern}$`, "i").test(text);
  });
}
