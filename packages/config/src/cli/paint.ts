import type { CliHost, CliStream } from "@runs-fleet/core/node";
import type { Paint, Style } from "./problem.ts";

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Whether a stream is read by somebody who wants colours: not pipes and files, nor with `NO_COLOR`, nor a `dumb` terminal. */
export function isColoured(stream: CliStream, env: CliHost["env"]): boolean {
  return stream.isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Colours for a terminal; none for pipes and files, with `NO_COLOR`, or on a terminal that is `dumb`. */
export function paintFor(stream: CliStream, env: CliHost["env"]): Paint {
  return isColoured(stream, env) ? painted : (_, text) => text;
}

/** Colours, whoever reads them. */
export const painted: Paint = (style, text) => {
  if (text === "") return text;
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};
