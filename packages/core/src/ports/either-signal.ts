/** A signal that follows others. */
export interface EitherSignal {
  readonly signal: AbortSignal;
  /** Follows them no longer. */
  leave(): void;
}

/**
 * A signal that aborts with the first of its sources, for its reason. Not `AbortSignal.any`: a composite that somebody
 * listens to is kept by the platform for as long as the process lives, with all that its listeners reach.
 */
export function eitherSignal(...sources: readonly AbortSignal[]): EitherSignal {
  const either = new AbortController();
  const stops: (() => void)[] = [];
  const leave = (): void => {
    for (const stop of stops.splice(0)) stop();
  };
  for (const source of sources) {
    if (source.aborted) {
      leave();
      either.abort(source.reason);
      break;
    }
    const follow = (): void => {
      leave();
      either.abort(source.reason);
    };
    source.addEventListener("abort", follow, { once: true });
    stops.push(() => source.removeEventListener("abort", follow));
  }
  return { signal: either.signal, leave };
}
