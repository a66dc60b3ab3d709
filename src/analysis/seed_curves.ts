import { canonicalJson } from "../core/digest.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import type { MetricName } from "./metric.ts";
import { measure } from "./metric.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import { timesToLoss } from "./times_to_loss.ts";

/** What the cells of one curve have in common, besides everything else. */
export interface Arm {
  /** Model. */
  model: string;
  /** How it was trained. */
  training: "standard" | "adversarial";
  /** Which images are repeated. */
  policy: string;
  /** Whether the set grows or keeps its size. */
  mode: "add" | "replace";
  /** What stands where the copies would. */
  standIn: "copies" | "near copies" | "weights" | "fresh";
  /** Which duplicates were found and removed again before training. */
  dedup: "none" | "exact" | "near";
  /** What every ratio gets as much of. */
  budget: "steps" | "epochs";
  /** TF.js backend. */
  backend: string;
}

/** The runs of one arm: for each seed, its cells by ratio, ratio 0 included. */
export interface ArmRuns {
  arm: Arm;
  /** Cells that share all but ratio and seed are of one protocol. */
  protocol: string;
  /**
   * Which classes and how often, and whether a copy is augmented on its own:
   * what an arm has in common with its controls.
   */
  variant: string;
  /** Cells by seed, then by ratio, ascending. */
  seeds: Map<number, Map<number, FinishedCell>>;
  /** Seeds with duplicates but without a ratio 0, which are left out. */
  unpaired: number[];
}

/**
 * Sorts the finished cells of result sets into arms. A cell of ratio 0 belongs
 * to every arm that differs from it in nothing but duplication. Diverged cells
 * are left out, being no accuracy.
 *
 * @param sets Cells in several of them count once.
 */
export function groupArms(sets: readonly ResultSet[]): ArmRuns[] {
  const baselines = new Map<string, FinishedCell>();
  const arms = new Map<string, ArmRuns>();
  const cells = sets.flatMap((set) =>
    set.cells.flatMap((cell) =>
      cell.status === "finished" && cell.outcome.test !== null
        ? [{ cell, data: set.dataset.sha256 }]
        : []
    )
  );
  for (const { cell, data } of cells) {
    const { seed, duplication } = cell.config;
    const protocol = protocolOf(cell.config, data);
    if (duplication.ratio === 0) {
      baselines.set(`${protocol} ${seed}`, cell);
      continue;
    }
    const arm = armOf(cell.config);
    const variant = variantOf(cell.config);
    const { nearKinds = [] } = duplication;
    const key = canonicalJson([protocol, arm, variant, nearKinds]);
    const runs = arms.get(key) ??
      { arm, protocol, variant, seeds: new Map(), unpaired: [] };
    arms.set(key, runs);
    const bySeed = runs.seeds.get(seed) ?? new Map<number, FinishedCell>();
    runs.seeds.set(seed, bySeed);
    bySeed.set(duplication.ratio, cell);
  }
  for (const { protocol, seeds, unpaired } of arms.values()) {
    for (const [seed, cells] of seeds) {
      const baseline = baselines.get(`${protocol} ${seed}`);
      // Without its own ratio 0 a seed has nothing to be paired with.
      if (baseline === undefined) {
        seeds.delete(seed);
        unpaired.push(seed);
      } else {
        const sorted = [...cells].sort(([a], [b]) => a - b);
        seeds.set(seed, new Map([[0, baseline], ...sorted]));
      }
    }
  }
  return [...arms.values()].filter(({ seeds }) => seeds.size > 0);
}

function armOf(config: CellConfig): Arm {
  const { model, training, duplication, budget, backend, dedup } = config;
  const copies = duplication.nearKinds === undefined ? "copies" : "near copies";
  return {
    model,
    training: training.name,
    policy: duplication.policy,
    mode: duplication.mode,
    standIn: duplication.standIn ?? copies,
    dedup: dedup?.method ?? "none",
    budget,
    backend,
  };
}

/** All of a config but what duplication decides. */
function protocolOf(config: CellConfig, data: string): string {
  const { duplication: _, budget: __, seed: ___, augmentation, ...rest } =
    config;
  return canonicalJson([data, rest, augmentation.name]);
}

function variantOf({ duplication, augmentation }: CellConfig): string {
  const { class: only, classWeights, multiplicity } = duplication;
  return canonicalJson([
    only ?? null,
    classWeights ?? null,
    multiplicity ?? null,
    augmentation.copies,
  ]);
}

/**
 * The values of one metric: for each seed, points of (ratio, value).
 *
 * @param accuracy What the metrics to an accuracy are to; none: for each seed
 * the highest that all its ratios reach. Seeds that do not get there at some
 * ratio have no points of these.
 */
export function curvesOf(
  { seeds }: ArmRuns,
  metric: MetricName,
  accuracy?: number,
): Map<number, [ratio: number, value: number][]> {
  const curves = new Map<number, [number, number][]>();
  for (const [seed, cells] of seeds) {
    const points: [number, number][] = [];
    const values = valuesOf([...cells.values()], metric, accuracy);
    [...cells.keys()].forEach((ratio, i) => {
      const value = values[i] ?? null;
      if (value !== null) points.push([ratio, value]);
    });
    if (points.length > 1 && points[0]![0] === 0) curves.set(seed, points);
  }
  return curves;
}

/** A value a cell of one seed, or an empty list where they have none. */
function valuesOf(
  cells: readonly FinishedCell[],
  metric: MetricName,
  accuracy: number | undefined,
): (number | null)[] {
  switch (metric) {
    case "time-to-accuracy":
    case "epochs-to-accuracy": {
      const times = timesToAccuracy(cells, accuracy);
      if (times === null || times.epochs.includes(null)) return [];
      return metric === "time-to-accuracy" ? times.ms : times.epochs;
    }
    case "time-to-loss":
      // It stands for the time to an accuracy only where that is not known.
      return timesToAccuracy(cells) === null ? timesToLoss(cells) : [];
    default:
      return cells.map((cell) => measure(cell, metric));
  }
}
