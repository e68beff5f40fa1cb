import { printable } from "../src/cli/problem.ts";

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

/** All that the comments of a file say, on one line; to be searched for {@link commentOf} a message. */
export const commentsOf = (yaml: string): string =>
  onOneLine(
    yaml
      .split("\n")
      .filter((line) => /^\s*#/.test(line))
      .map((line) => line.replace(/^\s*#/, ""))
      .join(" "),
  );

/** A message as comments say it. */
export const commentOf = (message: string): string => onOneLine(printable(message));
