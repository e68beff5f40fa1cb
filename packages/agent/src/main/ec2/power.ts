import { spawn } from "node:child_process";

/**
 * Runs the command that switches the machine off. Resolves when it has ended well; the machine may go at any moment then.
 *
 * @throws An `Error` when it cannot be run, or ends with anything but 0.
 */
export function switchOff(command: readonly [string, ...string[]]): Promise<void> {
  const [program, ...parameters] = command;
  return new Promise((resolve, reject) => {
    // On its own: the system ends this process before it has switched itself off.
    const child = spawn(program, parameters, { stdio: "ignore", detached: true });
    child.once("error", (error) =>
      reject(new Error(`the machine cannot be switched off by ${program}: ${error.message}`)),
    );
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else {
        reject(
          new Error(`${program}, which switches the machine off, ended with ${code ?? signal}`),
        );
      }
    });
  });
}
