export { createChildProcessLauncher } from "./child-process-launcher.ts";
export type {
  ListenerExit,
  ListenerLauncher,
  ListenerProcess,
  ListenerStart,
} from "./listener.ts";
export {
  type AgentOptions,
  type AgentOutcome,
  type AgentTimings,
  defaultAgentTimings,
} from "./options.ts";
export { runAgent } from "./run-agent.ts";
