/**
 * One region's share of a total that is spread by weight: largest remainder, so that the shares of all regions add up to
 * the total. Equal remainders go to the region that is named first.
 *
 * @param weights - One for each region, in order; not negative, not all 0.
 * @param index - The region asked about.
 */
export function regionShare(total: number, weights: readonly number[], index: number): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (sum > 0 ? (total * weight) / sum : 0));
  const whole = exact.map(Math.floor);
  const left = total - whole.reduce((all, share) => all + share, 0);
  const byRemainder = exact
    .map((share, at) => ({ at, rest: share - Math.floor(share) }))
    .sort((one, other) => other.rest - one.rest || one.at - other.at);
  const gets = byRemainder.slice(0, left).some(({ at }) => at === index);
  return (whole[index] ?? 0) + (gets ? 1 : 0);
}
