/** `<unique id of the role>:<name of the session>`; EC2 names the session after the instance. */
const form = /^(?<role>AROA\w{1,124}):(?<machine>i-[0-9a-f]{1,32})$/u;

/**
 * Reads the machine's id out of a verified sender, for the reports of agents: pass it as `senderOf`.
 *
 * Anybody who may assume a role can name the session after a machine. So only those roles count that nobody but EC2 may assume.
 * Other senders stay as SQS says them, which is never a machine's id: what they report is refused.
 *
 * @param options - `roleIds`: unique ids of the machines' roles, such as `AROAEXAMPLEEXAMPLE12`, which CloudFormation
 *   answers as `RoleId`. A role that is made anew has another one.
 * @throws A TypeError when there is no role, or one of them is no such id.
 * @example
 * const senderOf = createMachineSenders({ roleIds: ["AROAEXAMPLEEXAMPLE12"] });
 * senderOf("AROAEXAMPLEEXAMPLE12:i-0a1b2c3d4e5f60718"); // "i-0a1b2c3d4e5f60718"
 */
export function createMachineSenders(options: {
  readonly roleIds: readonly string[];
}): (senderId: string) => string {
  const roles = new Set(options.roleIds);
  if (roles.size === 0) throw new TypeError("roleIds must name the role of the machines");
  for (const role of roles) {
    if (!/^AROA\w{1,124}$/u.test(role)) {
      throw new TypeError(
        `roleIds must be unique ids of roles, like AROAEXAMPLEEXAMPLE12: ${role}`,
      );
    }
  }
  return (senderId) => {
    const { role = "", machine } = form.exec(senderId)?.groups ?? {};
    return machine !== undefined && roles.has(role) ? machine : senderId;
  };
}
