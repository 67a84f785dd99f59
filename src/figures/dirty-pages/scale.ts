/**
 * Where a value stands on a logarithmic axis, in percent of its length. A few lines of arithmetic
 * instead of a scale library, which would weigh more than the rest of the figure. Outside the axis it
 * is below 0 or above 100: a line drawn between two places keeps its slope.
 */
export function logPosition(value: number, from: number, to: number): number {
  return (100 * Math.log(value / from)) / Math.log(to / from);
}

/** Whole powers of ten from `from` to `to`. */
export function decades(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
