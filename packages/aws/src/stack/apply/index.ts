export { type AppliedStack, type ApplyStackOptions, applyStack } from "./apply-stack.ts";
export { createStackClients, type StackClients, type StackClientsConfig } from "./clients.ts";
export { type DeleteStackOptions, deleteStack } from "./delete-stack.ts";
export { readStackOutputs, type StackOutputs } from "./outputs.ts";
export { type PlanStackOptions, planStack, type StackStep } from "./plan-stack.ts";
export type { StackDifference } from "./resource.ts";
