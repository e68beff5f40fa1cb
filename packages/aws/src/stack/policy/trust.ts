import type { StackPlace } from "../place.ts";
import type { PolicyDocument } from "./permission.ts";

/** Where processes of the orchestrator run. */
export type StackHost = "ecs" | "ec2" | "lambda";

/** Who may take on the machines' role: EC2, and nobody else, or a stranger could speak for a machine. */
export function machineTrust({ urlSuffix }: StackPlace): PolicyDocument {
  return trust(`ec2.${urlSuffix}`);
}

/** Who may take on the role of a process. Tasks of ECS only for clusters of this account. */
export function hostTrust(hosts: readonly StackHost[], place: StackPlace): PolicyDocument {
  const { partition, region, accountId, urlSuffix } = place;
  const documents = hosts.map((host) => {
    if (host === "ec2") return trust(`ec2.${urlSuffix}`);
    if (host === "lambda") return trust("lambda.amazonaws.com");
    return trust("ecs-tasks.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ecs:${region}:${accountId}:*` },
    });
  });
  return { Version: "2012-10-17", Statement: documents.flatMap(({ Statement }) => Statement) };
}

function trust(
  service: string,
  conditions?: NonNullable<PolicyDocument["Statement"][number]["Condition"]>,
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(conditions === undefined ? {} : { Condition: conditions }),
      },
    ],
  };
}
