export { type FakeRunnerOptions, prepareFakeRunnerDirectory } from "./prepare.ts";
