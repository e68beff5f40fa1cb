import type { Arch, Shape } from "@runs-fleet/core";

/** Which launch template, and which of its versions. */
export interface Ec2TemplateReference {
  /** Set for `lt-...`. */
  readonly LaunchTemplateId?: string;
  /** Set for a name. */
  readonly LaunchTemplateName?: string;
  /** A number, `$Default` or `$Latest`. */
  readonly Version: string;
}

const key = /^(?:linux-(?:arm64|x64)|windows-x64)(?:-.+)?$/u;
const reference =
  /^(?<template>lt-[0-9a-f]+|[a-zA-Z0-9()./_-]{3,128})(?::(?<version>\d+|\$Default|\$Latest))?$/u;

/**
 * Reads `lt-0123456789abcdef0` or a name, either with `:` and a version behind it; without one the template's default
 * version is meant, so that changing the default rolls out, and back, what machines are launched from.
 */
function parseReference(text: string): Ec2TemplateReference | undefined {
  const { template, version: Version = "$Default" } = reference.exec(text)?.groups ?? {};
  if (template === undefined) return undefined;
  return template.startsWith("lt-")
    ? { LaunchTemplateId: template, Version }
    : { LaunchTemplateName: template, Version };
}

/** The key of a template: `linux-arm64`, and with an image of the catalog `linux-arm64-ubuntu24`. */
export function templateKey({ os, image }: Shape, arch: Arch): string {
  return `${os}-${arch}${image === undefined ? "" : `-${image}`}`;
}

/**
 * Reads the templates of a provider.
 *
 * @throws A TypeError that names the entry: an unknown key, or a value that is no template.
 */
export function parseTemplates(
  templates: Readonly<Record<string, string>>,
): ReadonlyMap<string, Ec2TemplateReference> {
  const entries = Object.entries(templates);
  if (entries.length === 0) throw new TypeError("launchTemplates must have at least one entry");
  return new Map(
    entries.map(([name, text]) => {
      if (!key.test(name)) {
        throw new TypeError(
          `launchTemplates: ${JSON.stringify(name)} must be linux-arm64, linux-x64 or windows-x64, with - and the name of an image behind it where one is meant`,
        );
      }
      const parsed = parseReference(text);
      if (parsed === undefined) {
        throw new TypeError(
          `launchTemplates: ${name} must be lt-... or a name, with : and a version behind it where one is meant, is ${JSON.stringify(text)}`,
        );
      }
      return [name, parsed];
    }),
  );
}
