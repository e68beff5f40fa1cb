import { describe, expect, it } from "vitest";
import { describeMessageQueueContract } from "../testing/contracts/message-queue.ts";
import { createMemoryQueue } from "./memory-queue.ts";

describeMessageQueueContract({
  api: { describe, it, expect },
  create: async ({ clock }) => createMemoryQueue({ clock }),
  traits: { concurrent: true, fair: true, deduplicates: true },
});
