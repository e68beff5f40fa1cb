import type { StackHost, StackImageKey, StackOptions, StackQueueKind } from "../../stack/index.ts";

/** What somebody asked for; absent is what was not said. */
export interface StackRequest {
  readonly environment: string;
  readonly region?: string;
  readonly account?: string;
  readonly fifo?: readonly StackQueueKind[];
  readonly image?: Readonly<Partial<Record<StackImageKey, string>>>;
  readonly vpc?: string;
  readonly securityGroup?: readonly string[];
  readonly host?: readonly StackHost[];
  readonly intake?: boolean;
  readonly tag?: Readonly<Record<string, string>>;
  readonly logDays?: number;
  readonly deleteData?: boolean;
  readonly format?: "yaml" | "json";
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly keepData?: boolean;
  readonly confirm?: string;
}

/** The same as options of `describeStack`, without a place. */
export function optionsOf(request: StackRequest): StackOptions {
  const { environment, fifo, image, vpc, securityGroup, host, intake, tag, logDays } = request;
  const images =
    image === undefined
      ? undefined
      : Object.fromEntries(Object.entries(image).map(([key, imageId]) => [key, { imageId }]));
  return {
    environment,
    ...given("fifo", fifo),
    ...given("images", images),
    ...given("vpcId", vpc),
    ...given("securityGroupIds", securityGroup),
    ...given("hosts", host),
    ...given("intake", intake),
    ...given("tags", tag),
    ...given("logDays", logDays),
    ...given("keepsData", request.deleteData === true ? false : undefined),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
