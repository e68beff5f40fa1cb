export type { SqliteOptions } from "./options.ts";
export { createSqliteQueue, type SqliteQueue, type SqliteQueueOptions } from "./sqlite-queue.ts";
export { createSqliteStore } from "./sqlite-store.ts";
