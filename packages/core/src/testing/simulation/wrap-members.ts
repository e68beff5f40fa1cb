/** A function as a port has it. */
export type Method = (...words: unknown[]) => unknown;

/** A port of which each member is what `wrap` makes of it. It is made once: ports do not change, and calls are many. */
export function wrapMembers<T extends object>(
  port: T,
  wrap: (key: string, value: unknown, target: T) => unknown,
): T {
  const made = new Map<string | symbol, unknown>();
  return new Proxy(port, {
    get: (target, key) => {
      const known = made.get(key);
      if (known !== undefined) return known;
      const wrapped = wrap(String(key), Reflect.get(target, key), target);
      made.set(key, wrapped);
      return wrapped;
    },
  });
}
