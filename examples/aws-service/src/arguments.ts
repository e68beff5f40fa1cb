import type { Role } from "./settings.ts";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "check" | "serve"; readonly role: Role };

/** A command line, read. */
export type ArgumentsResult =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: string };

const roles: ReadonlySet<string> = new Set<Role>(["intake", "controller", "both"]);

/** Reads what stands behind the name of the program. */
export function readArguments(given: readonly string[]): ArgumentsResult {
  let role: Role = "both";
  let kind: "check" | "serve" = "serve";
  const rest = [...given];
  for (;;) {
    const argument = rest.shift();
    if (argument === undefined) return { ok: true, command: { kind, role } };
    if (argument === "--help" || argument === "-h") return { ok: true, command: { kind: "help" } };
    const [name, inline] = argument.split(/=(.*)/s);
    if (argument === "--check") kind = "check";
    else if (name === "--role") {
      const value = inline ?? rest.shift() ?? "";
      if (!roles.has(value)) {
        return { ok: false, problem: `--role is intake, controller or both, not "${value}"` };
      }
      role = value as Role;
    } else return { ok: false, problem: `unknown argument ${argument}` };
  }
}
