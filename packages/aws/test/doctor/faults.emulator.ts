import { RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { DeleteRoleCommand } from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { doctorRows } from "../../src/doctor/doctor-rows.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { FaultRule } from "../../testing/proxy/fault.ts";
import { type DoctorStage, openStage, runHere } from "./stage.ts";

let stage: DoctorStage;
beforeAll(async () => {
  stage = await openStage();
  // moto takes its time to say what it sells.
}, 180_000);
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});
afterEach(() => stage.aws.faults.clear());

/** AWS's own words for each code. */
const words: Readonly<Record<string, string>> = {
  ExpiredToken: "The security token included in the request is expired",
  ExpiredTokenException: "The security token included in the request is expired",
  InvalidClientTokenId: "The security token included in the request is invalid.",
  AccessDeniedException:
    "User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:DescribeTable",
  AccessDenied: "Access Denied",
  UnauthorizedOperation:
    "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm",
  ThrottlingException: "Rate exceeded",
  RequestLimitExceeded: "Request limit exceeded.",
  MaxSpotInstanceCountExceeded: "Max spot instance count exceeded",
  VcpuLimitExceeded: "You have requested more vCPU capacity than your current vCPU limit",
  "AuthFailure.ServiceLinkedRoleCreationNotPermitted":
    "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.",
};

function refuse(service: string, action: string, code: string, status?: number): void {
  const rule: FaultRule = {
    service,
    action,
    times: Number.POSITIVE_INFINITY,
    fault: {
      kind: "error",
      side: "before",
      code,
      message: words[code] ?? "no",
      ...(status === undefined ? {} : { status }),
    },
  };
  stage.aws.faults.inject(rule);
}

const others = (id: string) => {
  const ids = doctorRows.map((row) => row.id);
  return ids.slice(ids.indexOf(id) + 1).filter((other) => other !== "clean-up");
};

describe("credentials that are no good", () => {
  it("are told once, and nothing is asked after that", async () => {
    refuse("sts", "GetCallerIdentity", "ExpiredToken", 403);
    const { exitCode, text } = await runHere(stage);
    expect(exitCode).toBe(2);
    expect(text.replace(/in [\d.]+ s$/mu, "in 0.0 s")).toBe(`Environment ci in us-east-1

  unproven   identity             ExpiredToken to sts:GetCallerIdentity: The security token included in the request is expired
                                  -> the credentials have expired: sign in again, and run the doctor once more
  skipped    32 rows              because of identity: ${others("identity").join(", ")}
  skipped    clean-up             only with --live

34 rows: 0 proven, 0 disproven, 1 unproven, 33 skipped; 1 calls in 0.0 s
This was not AWS: what only AWS can show is unproven here, whatever was answered.
Nothing could be asked after identity.
`);
  });

  it("that expire on the way end the run where they do", async () => {
    refuse("dynamodb", "DescribeTable", "ExpiredTokenException");
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(2);
    expect(seen.row("tables")).toBe(
      "unproven tables ExpiredTokenException to dynamodb:DescribeTable: The security token included in the request is expired\n-> the credentials have expired: sign in again, and run the doctor once more",
    );
    expect(seen.text).toContain(`because of tables: ${others("tables").join(", ")}\n`);
    expect(seen.text).toContain("Nothing could be asked after tables.");
  });

  it("that AWS does not know may be of a region that is not enabled", async () => {
    refuse("sts", "GetCallerIdentity", "InvalidClientTokenId", 403);
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(2);
    expect(seen.row("identity")).toBe(
      "unproven identity InvalidClientTokenId to sts:GetCallerIdentity: The security token included in the request is invalid.\n-> AWS does not know these credentials: check AWS_PROFILE or AWS_ACCESS_KEY_ID, the partition, and whether the region is enabled for the account",
    );
  });
});

it("says that nobody answers", async () => {
  const aws = { ...stage.aws, url: "http://127.0.0.1:9" };
  const seen = await runHere({ ...stage, aws });
  expect(seen.exitCode).toBe(2);
  expect(seen.row("identity")).toBe(
    "unproven identity ECONNREFUSED to sts:GetCallerIdentity: connect ECONNREFUSED 127.0.0.1:9\n-> nothing listens there: is AWS_ENDPOINT_URL right?",
  );
});

describe("permissions that are missing", () => {
  it("are named by the action that a policy has to allow", async () => {
    refuse("dynamodb", "DescribeTable", "AccessDeniedException");
    refuse("sqs", "GetQueueUrl", "AccessDeniedException");
    refuse("s3", "HeadBucket", "AccessDenied");
    refuse("iam", "GetRole", "AccessDenied", 403);
    refuse("ec2", "DescribeSubnets", "UnauthorizedOperation");
    refuse("ec2", "DescribeLaunchTemplateVersions", "UnauthorizedOperation");
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(1);
    expect(seen.row("tables")).toBe(
      "unproven tables AccessDeniedException to dynamodb:DescribeTable: User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:DescribeTable\n-> allow dynamodb:DescribeTable to who calls",
    );
    expect(seen.row("queues")).toContain("\n-> allow sqs:GetQueueUrl to who calls");
    // An answer to HEAD has no body, and the permission has another name than the call.
    expect(seen.row("bucket")).toMatch(
      /^unproven bucket HTTP 403 to s3:HeadBucket: .*\n-> allow s3:ListBucket to who calls$/u,
    );
    expect(seen.row("spot-role")).toBe(
      "unproven spot-role AccessDenied to iam:GetRole: Access Denied\n-> allow iam:GetRole to who calls",
    );
    expect(seen.row("addresses")).toBe(
      "unproven addresses UnauthorizedOperation to ec2:DescribeSubnets: You are not authorized to perform this operation.\n-> allow ec2:DescribeSubnets to who calls",
    );
    expect(seen.text).toContain("because addresses does not hold: ");
  });

  it("to look keep nobody from asking whether a launch would be allowed", async () => {
    refuse("ec2", "DescribeRegions", "UnauthorizedOperation");
    refuse("ec2", "DescribeLaunchTemplateVersions", "UnauthorizedOperation");
    const seen = await runHere(stage);
    expect(seen.row("templates")).toMatch(/^unproven templates UnauthorizedOperation/u);
    expect(seen.row("tables")).toMatch(/^proven/u);
    expect(seen.row("dry-run-fleet")).toMatch(
      /^unproven dry-run-fleet CreateFleet would be allowed/u,
    );
  });

  it("to launch are told with all that a launch needs", async () => {
    refuse("ec2", "CreateFleet", "UnauthorizedOperation");
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(1);
    expect(seen.row("dry-run-fleet")).toBe(
      "disproven dry-run-fleet EC2 denies CreateFleet (UnauthorizedOperation) for cpu=2 spot, cpu=2 on-demand\n-> allow ec2:CreateFleet, ec2:RunInstances, ec2:CreateTags and iam:PassRole as the stack's policy does; aws sts decode-authorization-message tells which of them it was",
    );
  });
});

describe("launches that would fail", () => {
  it("say that the role for spot is missing, and how to make it", async () => {
    refuse("ec2", "CreateFleet", "AuthFailure.ServiceLinkedRoleCreationNotPermitted");
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(1);
    expect(seen.row("dry-run-fleet")).toBe(
      "disproven dry-run-fleet EC2 refuses CreateFleet for cpu=2 spot: AuthFailure.ServiceLinkedRoleCreationNotPermitted, The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.\n-> make the role once: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    );
  });

  it.each(["MaxSpotInstanceCountExceeded", "VcpuLimitExceeded"])("say %s", async (code) => {
    refuse("ec2", "RunInstances", code);
    const seen = await runHere(stage);
    expect(seen.exitCode).toBe(1);
    expect(seen.row("dry-run-run")).toMatch(
      new RegExp(
        `^disproven dry-run-run EC2 refuses RunInstances for cpu=2 in subnet-\\w+: ${code}, ${words[code]}\\n-> ask AWS for more of it, in Service Quotas$`,
        "u",
      ),
    );
  });

  it("are not even asked for with a tag that metadata cannot show", async () => {
    const seen = await runHere(stage, { tag: { "cost center": "ci" } });
    expect(seen.exitCode).toBe(1);
    expect(seen.row("tags")).toBe(
      'disproven tags tags: tag key "cost center" cannot be shown in instance metadata: letters, digits and - _ + = , . @ : only, and not ".", ".." or "_index"\n-> rename the key',
    );
    expect(seen.text).toContain("because tags is disproven: dry-run-fleet, dry-run-run");
  });
});

it("says that AWS throttles, when it goes on to", async () => {
  refuse("dynamodb", "DescribeTimeToLive", "ThrottlingException");
  refuse("ec2", "DescribeSubnets", "RequestLimitExceeded");
  const seen = await runHere(stage);
  const later = "others in this account make many calls: run the doctor again, later";
  expect(seen.exitCode).toBe(1);
  expect(seen.row("tables")).toBe(
    `unproven tables ThrottlingException to dynamodb:DescribeTimeToLive: Rate exceeded\n-> ${later}`,
  );
  expect(seen.row("addresses")).toBe(
    `unproven addresses RequestLimitExceeded to ec2:DescribeSubnets: Request limit exceeded.\n-> ${later}`,
  );
});

it("says in which region the environment is, and does not complain of all that is missing here", async () => {
  const seen = await runHere({ ...stage, subnetIds: [] }, {}, { region: "eu-west-1" });
  expect(seen.exitCode).toBe(1);
  expect(seen.row("region")).toBe(
    "disproven region eu-west-1 is enabled, but the bucket of ci is in us-east-1\n-> say --region us-east-1",
  );
  expect(seen.text).toContain("because region is disproven");
  expect(seen.text).not.toContain("missing");
});

it("says what is missing where nothing was made, once for all tables", async () => {
  await using aws = await openAws();
  const seen = await runHere({ aws, subnetIds: [] });
  expect(seen.exitCode).toBe(1);
  expect(seen.row("tables")).toBe(
    "disproven tables missing, all 10: table runs-fleet-ci-jobs, table runs-fleet-ci-attempts, table runs-fleet-ci-machines, table runs-fleet-ci-pools and 6 more\n-> make what is missing by the stack's template, or by runs-fleet-aws stack apply",
  );
  expect(seen.row("queues")).toMatch(/^disproven queues missing, all 6: /u);
  expect(seen.row("bucket")).toBe(
    `disproven bucket missing: bucket runs-fleet-ci-${aws.accountId}-us-east-1\n-> make what is missing by the stack's template, or by runs-fleet-aws stack apply`,
  );
  expect(seen.row("templates")).toMatch(
    /^disproven templates there is none of runs-fleet-ci-linux/u,
  );
  expect(seen.row("spot-role")).toBe(
    "disproven spot-role there is no role AWSServiceRoleForEC2Spot\n-> aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
  );
  expect(seen.row("addresses")).toBe(
    "skipped addresses because no subnet is named\n-> say --subnet, for each subnet that machines are launched in",
  );
});

it("asks whether a machine of others could be ended, and leaves it alone", async () => {
  const { ec2 } = stage.clients;
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }),
  );
  const InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  try {
    const allowed = await runHere(stage);
    expect(allowed.row("foreign-denied")).toBe(
      `unproven foreign-denied EC2 would allow the end of ${InstanceIds[0]}, to a caller who is not the orchestrator\n-> run the doctor as runs-fleet-ci-orchestrator, such as in its task`,
    );
    refuse("ec2", "TerminateInstances", "UnauthorizedOperation");
    const denied = await runHere(stage);
    expect(denied.row("foreign-denied")).toBe(
      `unproven foreign-denied EC2 denies the end of ${InstanceIds[0]} (UnauthorizedOperation); unproven here: an emulator allows everybody everything`,
    );
  } finally {
    stage.aws.faults.clear();
    const { TerminatingInstances = [] } = await ec2.send(
      new TerminateInstancesCommand({ InstanceIds }),
    );
    expect(TerminatingInstances[0]?.PreviousState?.Name).toBe("running");
  }
});

it("says that the role for spot is missing before anything is bought", async () => {
  await stage.clients.iam.send(new DeleteRoleCommand({ RoleName: "AWSServiceRoleForEC2Spot" }));
  const seen = await runHere(stage);
  expect(seen.exitCode).toBe(1);
  expect(seen.row("spot-role")).toMatch(/^disproven spot-role there is no role/u);
});
