import type { FinishedCell, ResultSet } from "../results/result_set.ts";

/** A spread from which on times are doubtful: slow tenth against fast tenth. */
const MOST = 1.2;

/**
 * Whether the machine was busier in some cells than in others, so that their
 * times cannot be told from its load: an image takes as long in any cell of the
 * same model, training and batch, duplicate or not. Of each such group the
 * median time of an image in warm epochs is taken cell by cell; the slowest
 * tenth begins at most 1.2 times as high as the fastest tenth ends.
 *
 * @returns A line a group that spreads more.
 */
export function unevenLoadOf({ study, cells }: ResultSet): string[] {
  const groups = new Map<string, number[]>();
  for (const cell of cells) {
    if (cell.status !== "finished") continue;
    const perImage = warmImageMs(cell);
    if (perImage === null) continue;
    const { backend, model, training, batch } = cell.config;
    const key = JSON.stringify([backend, model, training, batch]);
    groups.set(key, [...groups.get(key) ?? [], perImage]);
  }
  return [...groups.values()].flatMap((times) => {
    times.sort((a, b) => a - b);
    const tenth = Math.floor(times.length / 10);
    const spread = times.at(-1 - tenth)! / times[tenth]!;
    return spread <= MOST ? [] : [
      `${study.name}: an image took up to ${
        spread.toFixed(1)
      } times as long in some cells as in others of equal work: the machine was unevenly busy, and differences in time of that size may be its load`,
    ];
  });
}

/** Median over epochs but the first; `null` if there is no other. */
function warmImageMs({ outcome, timing }: FinishedCell): number | null {
  const times = outcome.epochs.map(({ images }, i) =>
    timing.epochs[i]!.totalMs / images
  ).slice(1).sort((a, b) => a - b);
  return times[times.length >> 1] ?? null;
}
