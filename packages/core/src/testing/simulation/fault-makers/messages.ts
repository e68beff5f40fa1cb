import type { MessageDeed } from "../faults.ts";
import { type Makers, minutes, seconds } from "./maker.ts";

/** What happens to messages. */
export const messageFaults: Makers<MessageDeed["kind"]> = {
  "queue-duplicates": (dice) => ({ kind: "queue-duplicates", forMs: dice.whole(2, 15) * minutes }),
  "queue-late": (dice) => ({
    kind: "queue-late",
    delayMs: dice.whole(5, 90) * seconds,
    forMs: dice.whole(2, 10) * minutes,
  }),
  "queue-redelivers": (dice) => ({
    kind: "queue-redelivers",
    rate: dice.pick([0.2, 1]),
    forMs: dice.whole(2, 15) * minutes,
  }),
  "acks-lost": (dice) => ({
    kind: "acks-lost",
    rate: dice.pick([0.3, 1]),
    forMs: dice.whole(2, 10) * minutes,
  }),
  "reports-forged": (dice) => ({ kind: "reports-forged", count: dice.whole(1, 6) }),
};
