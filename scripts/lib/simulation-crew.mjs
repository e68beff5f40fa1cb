import { Worker } from "node:worker_threads";

/** The built test kit: threads cannot run TypeScript on every Node that we support. */
export const kitUrl = new URL("../../packages/core/dist/testing/index.js", import.meta.url).href;

/** A day leaves nothing behind; should one ever do, a new thread after so many bounds it. A warm one is a fifth faster. */
const tasksPerThread = 100;

/** @typedef {ReturnType<typeof createCrew>} Crew */

/** Threads that take tasks from one list. */
export function createCrew(/** @type {number} */ size) {
  /** @type {{ task: any, resolve: (result: any) => void }[]} */
  const waiting = [];
  /** @type {Set<Worker>} */
  const threads = new Set();

  function hire() {
    const worker = new Worker(new URL("simulation-worker.mjs", import.meta.url), {
      workerData: { kitUrl },
    });
    threads.add(worker);
    let left = tasksPerThread;
    /** @type {((result: any) => void) | undefined} */
    let answer;
    const next = () => {
      const item = left > 0 ? waiting.shift() : undefined;
      if (item === undefined) {
        threads.delete(worker);
        void worker.terminate();
        if (waiting.length > 0) hire();
        return;
      }
      left -= 1;
      answer = item.resolve;
      worker.postMessage(item.task);
    };
    worker.on("message", (result) => {
      answer?.(result);
      answer = undefined;
      // What the caller asks next is in the list by then.
      setImmediate(next);
    });
    worker.on("error", (error) => {
      answer?.({ error: String(error) });
      threads.delete(worker);
      if (waiting.length > 0) hire();
    });
    next();
  }

  return {
    /** @type {(task: any) => Promise<any>} */
    run: (task) =>
      new Promise((resolve) => {
        waiting.push({ task, resolve });
        if (threads.size < size) hire();
      }),
    end: () => Promise.all([...threads].map((worker) => worker.terminate())),
  };
}
