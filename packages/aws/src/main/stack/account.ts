import { DescribeVpcsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { FleetError } from "@runs-fleet/core";
import { createStackClients, type StackClients } from "../../stack/apply/index.ts";

/** Clients, and where they are. */
export interface OpenAccount extends AsyncDisposable {
  readonly clients: StackClients;
  readonly region: string;
  readonly accountId: string;
}

/** Finds region and account, by one call of STS. Rejects with what the SDK says when there are no credentials or no region. */
export async function openAccount(region: string | undefined): Promise<OpenAccount> {
  const config = region === undefined ? {} : { region };
  const sts = new STSClient({
    ...config,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    const own = await sts.config.region();
    if (Account === undefined) {
      throw new FleetError({ kind: "unknown", message: "STS does not say which account this is" });
    }
    const clients = createStackClients({ region: own });
    return {
      clients,
      region: own,
      accountId: Account,
      [Symbol.asyncDispose]: () => clients[Symbol.asyncDispose](),
    };
  } finally {
    sts.destroy();
  }
}

/** The VPC that an account has from the beginning; `undefined` when somebody has deleted it. */
export async function defaultVpc(ec2: EC2Client): Promise<string | undefined> {
  const { Vpcs = [] } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }),
  );
  return Vpcs[0]?.VpcId;
}
