export type {
  Catalog,
  Placement,
  Policy,
  PoolConfig,
  Ramp,
  RoutedJob,
  RouteIssue,
} from "./catalog.ts";
export { namesFamily } from "./family.ts";
export { matchesSome } from "./glob.ts";
export { type ImageSource, withImageSource } from "./image-source.ts";
export { labelSetKey } from "./label-set-key.ts";
export { type Narrowing, narrower } from "./narrowing.ts";
export { parseCatalog } from "./parse-catalog.ts";
export { ignoredLabelKeys, type ParsedLabels, parseLabels } from "./parse-labels.ts";
export { poolSmoothing } from "./pool-smoothing.ts";
export type {
  LabelAlias,
  LabelCatalog,
  LabelIssue,
  LabelIssueCode,
  RunnerRequest,
} from "./request.ts";
export { route } from "./route.ts";
export type { Arch, Bounds, Market, Os, Shape } from "./shape.ts";
export { shapeKey } from "./shape-key.ts";
export { tagKeyProblem } from "./tags.ts";
export { cpuOfFamilies, vcpusOfType } from "./type-cpu.ts";
