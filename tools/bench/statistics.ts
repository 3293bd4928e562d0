/** The value that a share of the sorted values lies at or below, by linear interpolation; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** How the medians of two series compare: below 1, the first is less. */
export const ratioOfMedians = (values: readonly number[], base: readonly number[]): number =>
  median(values) / median(base);

/** To so many significant digits, which is what a timing is good for. */
export const rounded = (value: number, digits = 4): number => Number(value.toPrecision(digits));
