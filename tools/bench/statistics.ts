/** The quantile of the values, by linear interpolation; NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The ratio of the medians of two series. */
export const ratioOfMedians = (values: readonly number[], base: readonly number[]): number =>
  median(values) / median(base);

/** Rounded to significant digits: a timing has no more. */
export const rounded = (value: number, digits = 4): number => Number(value.toPrecision(digits));
