import {
  carryOutAssignments,
  carryOutDrains,
  carryOutLaunches,
  carryOutRetirements,
} from "./carry-out.ts";
import { planAssignments } from "./plan-assignments.ts";
import { actOnDeadlines } from "./plan-deadlines.ts";
import { planDrains } from "./plan-drains.ts";
import { planLaunches } from "./plan-launches.ts";
import { carryOutReruns, planReruns } from "./plan-reruns.ts";
import { planRetirements } from "./plan-retirements.ts";
import { planVerifications } from "./plan-verifications.ts";
import { resume } from "./resume.ts";
import { takeDemand } from "./take-demand.ts";
import { takeNotice } from "./take-notice.ts";
import { endOverdue, takeListing } from "./take-observation.ts";
import { takeReport } from "./take-report.ts";
import { takeResult } from "./take-result.ts";

/**
 * All that a controller decides by, and all that changes its records: functions of records, of what is told, and of an
 * instant. In one place, so that the simulator can put a wrong one in and see whether its judge notices.
 */
export const fleetRules = Object.freeze({
  takeDemand,
  takeReport,
  takeResult,
  takeListing,
  takeNotice,
  resume,
  actOnDeadlines,
  endOverdue,
  planVerifications,
  planReruns,
  planDrains,
  planAssignments,
  planLaunches,
  planRetirements,
  carryOutDrains,
  carryOutAssignments,
  carryOutLaunches,
  carryOutRetirements,
  carryOutReruns,
});

/** See {@link fleetRules}. */
export type FleetRules = typeof fleetRules;
