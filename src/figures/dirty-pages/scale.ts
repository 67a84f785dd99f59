/**
 * Where a value stands on a logarithmic axis, in percent of its length. A few lines of arithmetic
 * instead of a scale library, which would weigh more than the rest of the figure.
 */
export function logPosition(value: number, from: number, to: number): number {
  const place = Math.log(value / from) / Math.log(to / from);
  return 100 * Math.min(Math.max(place, 0), 1);
}

/** Whole powers of ten from `from` to `to`. */
export function decades(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
