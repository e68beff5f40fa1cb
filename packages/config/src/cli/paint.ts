import type { CliHost, CliStream } from "@runs-fleet/core/node";
import type { Paint, Style } from "./problem.ts";

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Colours for a terminal; none for pipes and files, with `NO_COLOR`, or on a terminal that is `dumb`. */
export function paintFor(stream: CliStream, env: CliHost["env"]): Paint {
  const coloured = stream.isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return (style, text) => {
    if (!coloured || text === "") return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
