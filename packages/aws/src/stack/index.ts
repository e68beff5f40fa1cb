export { renderCloudFormation, type TemplateFormat } from "./cloud-formation/render.ts";
export { describeStack } from "./describe-stack.ts";
export {
  type StackImageKey,
  type StackNames,
  type StackQueueKind,
  stackNames,
} from "./names.ts";
export type { StackImage, StackOptions } from "./options.ts";
export { placeOf, type StackPlace } from "./place.ts";
export { intakePermissions } from "./policy/intake.ts";
export { machinePermissions } from "./policy/machine.ts";
export { orchestratorPermissions } from "./policy/orchestrator.ts";
export {
  type PolicyConditions,
  type PolicyDocument,
  type PolicyStatement,
  policyDocument,
  type StackPermission,
} from "./policy/permission.ts";
export type { PolicyScope } from "./policy/scope.ts";
export type { StackHost } from "./policy/trust.ts";
export type {
  Stack,
  StackBucket,
  StackLaunchTemplate,
  StackPolicy,
  StackQueue,
  StackRole,
  StackRule,
  StackSecurityGroup,
} from "./stack.ts";
