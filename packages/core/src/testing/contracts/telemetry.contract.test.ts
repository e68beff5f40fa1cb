import { noTelemetry } from "@runs-fleet/telemetry";
import { describe, expect, it } from "vitest";
import { describeTelemetryContract } from "./telemetry.ts";

describeTelemetryContract({
  api: { describe, it, expect },
  create: async () => noTelemetry,
});
