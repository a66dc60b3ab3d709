import { testMean } from "../analysis/paired_test.ts";

/** A mean over seeds, with its 95 % t interval. */
export interface Band {
  /** Seeds that have a value. */
  seeds: number;
  /** Their mean. */
  mean: number;
  /** Lower end; `null` for one seed. */
  low: number | null;
  /** Upper end; `null` for one seed. */
  high: number | null;
}

/** The band of at least one value, one per seed. */
export function bandOf(values: readonly number[]): Band {
  const { n, mean, interval } = testMean(values);
  const [low, high] = interval ?? [null, null];
  return { seeds: n, mean, low, high };
}
