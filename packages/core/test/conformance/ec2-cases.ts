import { launchCases } from "./ec2-launch-cases.ts";
import { parameterCases } from "./ec2-parameter-cases.ts";
import { readCases } from "./ec2-read-cases.ts";
import type { Ec2Case } from "./ec2-stage.ts";
import { steerCases } from "./ec2-steer-cases.ts";

/** Every rule of EC2 that the model keeps and that can be tried from outside. */
export const ec2Cases: readonly Ec2Case[] = [
  ...launchCases,
  ...parameterCases,
  ...steerCases,
  ...readCases,
];
