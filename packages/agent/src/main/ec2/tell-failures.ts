/** Calls of the agent's that may fail and are repeated by it. */
type Call<A extends readonly unknown[], T> = (...parameters: A) => Promise<T>;

/**
 * Makes calls whose failures are told: the agent repeats them, and a person has to learn why nothing goes on. The same words are told
 * once in a row.
 *
 * @param log - Told what failed. The errors must hold no secret.
 */
export function createFailureTeller(
  log: (line: string) => void,
): <A extends readonly unknown[], T>(call: Call<A, T>) => Call<A, T> {
  return (call) => {
    let told: string | undefined;
    return async (...parameters) => {
      try {
        const answer = await call(...parameters);
        told = undefined;
        return answer;
      } catch (error) {
        const words = error instanceof Error ? error.message : undefined;
        if (words !== undefined && words !== told) log(words);
        told = words;
        throw error;
      }
    };
  };
}
