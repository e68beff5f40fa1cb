export { createFakeGitHub } from "./fake-github.ts";
export type { FakeRecordedJob, FakeRecordedRun } from "./record-run.ts";
export type {
  FakeCheck,
  FakeFileRequest,
  FakeGitHub,
  FakeGitHubEvent,
  FakeGitHubExchange,
  FakeGitHubLimits,
  FakeGitHubOptions,
  FakeJob,
  FakeJobRequest,
  FakeOutage,
  FakeRepositoryRequest,
  FakeRunner,
  RunnerResult,
} from "./types.ts";
export type { FakeWebhooks, WebhookFaults, WebhookHandler } from "./webhook-types.ts";
