import { InvalidArgumentError, Option } from "commander";
import { isRegionName, isRepositoryGlob } from "../import-runs-on/choices.ts";

/** Reads `owner/name`. */
export function repositoryName(text: string): string {
  if (/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError("Must be owner/name.");
}

/** A repeatable option `NAME=value`; its value is a map. */
export function named(flags: string, description: string): Option {
  return new Option(flags, description)
    .default(new Map<string, string>(), "none")
    .argParser((text: string, before: ReadonlyMap<string, string>) => {
      const at = text.indexOf("=");
      if (at < 1) throw new InvalidArgumentError("Must be name=value.");
      return new Map(before).set(text.slice(0, at), text.slice(at + 1));
    });
}

/** `--region`: a region of the provider. */
export function regionOption(description: string): Option {
  return new Option("--region <region>", description).argParser((text: string) => {
    if (isRegionName(text)) return text;
    throw new InvalidArgumentError("Must be a region such as eu-central-1.");
  });
}

/** `--repositories`: globs, one or more. */
export function repositoriesOption(description: string): Option {
  return new Option("--repositories <globs...>", description).argParser(
    (text: string, before: readonly string[] | undefined) => {
      if (isRepositoryGlob(text)) return [...(before ?? []), text];
      throw new InvalidArgumentError("Must be owner/name, in which * and ? stand for anything.");
    },
  );
}
