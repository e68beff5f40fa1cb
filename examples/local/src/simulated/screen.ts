import process from "node:process";

/** Where a simulation writes: lines that stay, and below them, on a terminal, one that changes. */
export interface Screen extends Disposable {
  say(line: string): void;
  /** Replaces the changing line. Nothing happens where there is no terminal. */
  show(text: string): void;
}

const clearLine = "\r\u001B[2K";
const defaultColumns = 80;

/** Writes to standard output. `onClosed` is told when nobody reads it any more, as in `| head`. */
export function createScreen(onClosed: () => void): Screen {
  const { stdout } = process;
  let shown = false;
  const clear = (): void => {
    if (shown) stdout.write(clearLine);
    shown = false;
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE") throw error;
    onClosed();
  };
  // It stays for good: what was written last may fail after the end.
  stdout.on("error", onError);
  return {
    say: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    show: (text) => {
      if (!stdout.isTTY) return;
      stdout.write(`${clearLine}${text.slice(0, (stdout.columns || defaultColumns) - 1)}`);
      shown = true;
    },
    [Symbol.dispose]: clear,
  };
}
