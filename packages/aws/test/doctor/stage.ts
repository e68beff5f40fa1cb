import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import type { Ec2TypeSource } from "@runs-fleet/aws/ec2";
import { describeStack, type Stack } from "@runs-fleet/aws/stack";
import { applyStack, createStackClients, type StackClients } from "@runs-fleet/aws/stack/apply";
import { type Clock, systemClock } from "@runs-fleet/core";
import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import type { DoctorRequest } from "../../src/main/doctor/request.ts";
import { runDoctorVerb } from "../../src/main/doctor/run-doctor-verb.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { readMotoTypes } from "../ec2/moto-stage.ts";

/** An account with the stack of `ci` in it. */
export interface DoctorStage extends AsyncDisposable {
  readonly aws: TestAws;
  readonly stack: Stack;
  readonly clients: StackClients;
  readonly subnetIds: readonly string[];
  /** What moto sells, where it is not to be asked each time: that takes seconds. */
  readonly types?: Ec2TypeSource;
}

/** What somebody sees who has run the doctor. */
export interface SeenRun {
  readonly exitCode: ExitCode;
  /** What a person reads. */
  readonly text: string;
  /** Of one row: verdict and words, with what to do. */
  row(id: string): string;
}

let soldByMoto: Promise<Ec2TypeSource> | undefined;

/** Makes a stack on the emulators. */
export async function openStage(): Promise<DoctorStage> {
  const aws = await openAws();
  soldByMoto ??= readMotoTypes(aws);
  const config = {
    region: aws.region,
    endpoint: aws.url,
    credentials: aws.credentials,
  };
  const clients = createStackClients(config);
  const { Subnets = [] } = await clients.ec2.send(new DescribeSubnetsCommand({}));
  const stack = describeStack({
    environment: "ci",
    region: aws.region,
    accountId: aws.accountId,
    vpcId: Subnets[0]?.VpcId ?? "",
    images: {
      "linux-arm64": { imageId: "ami-12345678" },
      "linux-x64": { imageId: "ami-12345678" },
    },
  });
  await applyStack(clients, stack);
  // Under the name that AWS gives it; moto would give it another one.
  await clients.iam.send(
    new CreateRoleCommand({
      RoleName: "AWSServiceRoleForEC2Spot",
      AssumeRolePolicyDocument: JSON.stringify(stack.roles[0]?.trust),
    }),
  );
  return {
    aws,
    stack,
    clients,
    types: await soldByMoto,
    subnetIds: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2),
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]();
      await aws[Symbol.asyncDispose]();
    },
  };
}

/** Runs the doctor as the command does. */
export async function runHere(
  { aws, subnetIds, types }: Pick<DoctorStage, "aws" | "subnetIds"> & Partial<DoctorStage>,
  request: Partial<DoctorRequest> = {},
  over: {
    readonly clock?: Clock;
    readonly signal?: AbortSignal;
    readonly region?: string;
    readonly cwd?: string;
  } = {},
): Promise<SeenRun> {
  const out: string[] = [];
  const { clock = systemClock, signal = new AbortController().signal, region = aws.region } = over;
  const host: CliHost = {
    version: "0.0.0",
    out: { isTerminal: false, write: (text) => void out.push(text) },
    err: { isTerminal: false, write: (text) => void out.push(text) },
    env: {},
    cwd: over.cwd ?? "/",
    clock,
    fetch: () => Promise.reject(new Error("no network in tests")),
    signal,
  };
  const config = { region, endpoint: aws.url, credentials: aws.credentials };
  const exitCode = await runDoctorVerb(
    { environment: "ci", subnet: subnetIds, ...request },
    host,
    types === undefined ? { config } : { config, types },
  );
  const text = out.join("");
  return { exitCode, text, row: (id) => rowIn(text, id) };
}

function rowIn(text: string, id: string): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => new RegExp(`^  \\S+ +${id} `, "u").test(line));
  if (at < 0) throw new Error(`There is no row ${id} in:\n${text}`);
  const further = lines[at + 1]?.trimStart();
  const words = (lines[at] ?? "").trim().replace(/ +/gu, " ");
  return further?.startsWith("-> ") === true ? `${words}\n${further}` : words;
}
