export type { CallOptions } from "../ports/call-options.ts";
export type { Clock, Entropy } from "../ports/clock.ts";
export { systemClock, systemEntropy } from "../ports/system-clock.ts";
export type { AgentEvent, AgentEventBase, AgentResult } from "./agent-event.ts";
export type { Assignment } from "./assignment.ts";
export { parseAgentEvent, parseAssignment } from "./parse.ts";
