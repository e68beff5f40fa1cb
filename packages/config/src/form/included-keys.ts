/** What an included file may hold: what teams own. Who may use what, and how much in all, stays in one place. */
export const includedKeys = ["calendars", "images", "runners", "pools"] as const;
