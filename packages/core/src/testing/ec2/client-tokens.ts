import { ec2Error } from "./ec2-error.ts";

/** What tokens bought. Tokens are remembered for ever; EC2 promises 24 hours after the last of its instances ended. */
export interface ClientTokens<T> {
  /**
   * Does the work once for each token and scope, and answers `replay` of it afterwards. Work that throws is not
   * remembered.
   *
   * @throws An {@link Ec2Error} `IdempotentParameterMismatch` for a token that came with other parameters, or
   * `InvalidParameterValue` for one that is no token.
   */
  once<A>(
    token: string | undefined,
    scope: string,
    parameters: object,
    work: () => { readonly answer: A; readonly kept: T },
    replay: (kept: T) => A,
  ): A;
}

const wellFormed = /^[\x21-\x7e]{1,64}$/u;

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** No tokens. */
export function createClientTokens<T>(): ClientTokens<T> {
  const known = new Map<string, { readonly fingerprint: string; readonly kept: T }>();
  return {
    once(token, scope, parameters, work, replay) {
      if (token === undefined) return work().answer;
      if (!wellFormed.test(token)) {
        throw ec2Error("InvalidParameterValue", "ClientToken must be 1 to 64 ASCII characters");
      }
      const key = `${scope} ${token}`;
      const fingerprint = JSON.stringify(parameters, sortKeys);
      const before = known.get(key);
      if (before !== undefined) {
        if (before.fingerprint !== fingerprint) {
          throw ec2Error(
            "IdempotentParameterMismatch",
            "The request uses the same client token as a previous one with other parameters",
          );
        }
        return replay(before.kept);
      }
      const { answer, kept } = work();
      known.set(key, { fingerprint, kept });
      return answer;
    },
  };
}
