import type { Runner, World } from "./model.ts";

const encode = (value: object): string =>
  Buffer.from(JSON.stringify(value), "utf8").toString("base64");

/** The configuration with which a runner program presents itself: see RUNNER-PROTOCOL.md. */
export function encodeJitConfig(world: World, runner: Runner): string {
  return encode({
    ".runner": encode({
      AgentId: runner.id,
      AgentName: runner.name,
      PoolId: runner.groupId,
      PoolName: runner.owner.groups.get(runner.groupId)?.name ?? "Default",
      Ephemeral: true,
      DisableUpdate: false,
      ServerUrl: world.baseUrl,
      ServerUrlV2: world.baseUrl,
      UseV2Flow: true,
      GitHubUrl: `${world.baseUrl}/${runner.repository?.fullName ?? runner.owner.login}`,
      WorkFolder: "_work",
    }),
    ".credentials": encode({
      scheme: "OAuth",
      data: {
        clientId: runner.secret.slice(0, 36),
        authorizationUrl: `${world.baseUrl}/_runner/oauth`,
        requireFipsCryptography: "True",
      },
    }),
    ".credentials_rsaparams": encode({ d: runner.secret }),
  });
}

function decode(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== "string" || text.length > 65_536) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Who a JIT configuration says it is; `undefined` when it is not one. */
export function decodeJitConfig(
  text: unknown,
): { readonly runnerId: number; readonly secret: string } | undefined {
  const outer = decode(text);
  const runnerId = decode(outer?.[".runner"])?.["AgentId"];
  const secret = decode(outer?.[".credentials_rsaparams"])?.["d"];
  return typeof runnerId === "number" && typeof secret === "string"
    ? { runnerId, secret }
    : undefined;
}
