/** Keys that begin with `x-` hold anchors for other places and mean nothing by themselves. */
export function withoutExtensions(value: object): unknown {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}
