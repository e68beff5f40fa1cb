export { type ExportFile, type ExportFiles, openExportFiles } from "./export-files.ts";
export { type ExportOptions, exportJobs } from "./export-jobs.ts";
export type { ExportedJob, ExportRules, LeftOut } from "./exported-job.ts";
export { instantOf, instantText } from "./instants.ts";
export { type ExportProblem, explainProblem } from "./problems.ts";
export { createProgressView, type ExportProgress, type ProgressView } from "./progress.ts";
export { type ExportSummary, summaryText } from "./summary.ts";
