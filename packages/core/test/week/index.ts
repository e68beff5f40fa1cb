export { weeks } from "./configuration.ts";
export { judgeWeek } from "./judgement.ts";
export { drawWeek } from "./picture.ts";
export { reportWeek } from "./report.ts";
export { liveWeek } from "./week.ts";
