import { readyRow, restartRow, senderRow } from "./live/agent-rows.ts";
import { cleanUpRow } from "./live/clean-up.ts";
import { ownDocumentRow, shutdownRow, tagLatencyRow } from "./live/document-rows.ts";
import { aloneRow, boughtRow, listingRow, replayRow } from "./live/purchase-rows.ts";
import type { DoctorRow } from "./row.ts";
import { addressesRow } from "./rows/addresses.ts";
import { foreignDocumentRow, spotNoticeRow } from "./rows/by-hand.ts";
import { clockRow } from "./rows/clock.ts";
import { fleetDryRunRow, foreignMachineRow, runDryRunRow, untaggedRow } from "./rows/dry-runs.ts";
import { identityRow } from "./rows/identity.ts";
import { offeringsRow } from "./rows/offerings.ts";
import { quotasRow } from "./rows/quotas.ts";
import { regionRow } from "./rows/region.ts";
import { machineRoleRow, orchestratorPolicyRow, spotRoleRow } from "./rows/roles.ts";
import { bucketRow, noticesRow, queuesRow, recoveryRow, tablesRow } from "./rows/storage.ts";
import { tagsRow } from "./rows/tags.ts";
import { securityGroupsRow, templatesRow } from "./rows/templates.ts";

/** All rows, in the order in which they are asked: what is free and quick comes first. */
export const doctorRows: readonly DoctorRow[] = [
  identityRow,
  regionRow,
  clockRow,
  tablesRow,
  recoveryRow,
  queuesRow,
  noticesRow,
  bucketRow,
  machineRoleRow,
  spotRoleRow,
  templatesRow,
  securityGroupsRow,
  tagsRow,
  addressesRow,
  orchestratorPolicyRow,
  quotasRow,
  offeringsRow,
  fleetDryRunRow,
  runDryRunRow,
  untaggedRow,
  foreignMachineRow,
  foreignDocumentRow,
  spotNoticeRow,
  aloneRow,
  boughtRow,
  listingRow,
  replayRow,
  readyRow,
  senderRow,
  restartRow,
  ownDocumentRow,
  tagLatencyRow,
  shutdownRow,
  cleanUpRow,
];
