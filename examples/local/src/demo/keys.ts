import process from "node:process";

/** What single keys do; `q` is always one of them. */
export type KeyActions = Readonly<Record<string, () => void>> & { readonly q: () => void };

/** Calls back on single keys while the terminal is one; Ctrl-C acts as `q`, a second time it ends the process. */
export function listenToKeys(actions: KeyActions): Disposable {
  const { stdin } = process;
  if (!stdin.isTTY) return { [Symbol.dispose]: () => undefined };
  let interrupted = false;
  const onData = (data: Buffer): void => {
    for (const key of data.toString("utf8")) {
      if (Object.hasOwn(actions, key)) actions[key]?.();
      if (key === "\u0003") {
        if (interrupted) process.exit(130);
        interrupted = true;
        actions.q();
      }
    }
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on("data", onData);
  return {
    [Symbol.dispose]: () => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
