/** Times of two ways to do the same, measured by turns. */
export interface Turns {
  /** Median of the first, in milliseconds. */
  readonly first: number;
  /** Median of the second, in milliseconds. */
  readonly second: number;
  /** Median of the ratios of a turn, first over second. */
  readonly ratio: number;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;

/**
 * Runs two ways by turns, so that the load of the machine hits both alike; which
 * of them is first changes from turn to turn. There are at least `turns` turns, and
 * as many as 300 ms hold.
 *
 * @param ways Each gives the milliseconds that it took.
 */
export async function timeByTurns(
  ways: readonly [Way, Way],
  { turns, warmup }: { turns: number; warmup: number },
): Promise<Turns> {
  const times: [number[], number[]] = [[], []];
  // Until the engine has compiled what takes microseconds.
  const compiled = performance.now() + 100;
  while (performance.now() < compiled) for (const way of ways) await way();
  // What takes microseconds has more turns.
  let until = Infinity;
  for (let turn = -warmup; turn < turns || performance.now() < until; turn++) {
    if (turn === 0) until = performance.now() + 300;
    const order = turn % 2 === 0 ? [0, 1] as const : [1, 0] as const;
    for (const which of order) {
      const ms = await ways[which]();
      if (turn >= 0) times[which].push(ms);
    }
  }
  const ratios = times[0].map((ms, i) => ms / times[1][i]!);
  return {
    first: median(times[0]),
    second: median(times[1]),
    ratio: median(ratios),
  };
}

/** One run, in milliseconds. */
export type Way = () => number | Promise<number>;

/** A run of code that is finished when it returns. */
export function timed(run: () => void): Way {
  return () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  };
}
