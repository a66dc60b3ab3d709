import { canonicalJson } from "../core/digest.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import type { CellConfig } from "../study/cell_config.ts";
import type { MetricName } from "./metric.ts";
import { measure } from "./metric.ts";

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
  standIn: "copies" | "weights" | "fresh";
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
  /** Cells by seed, then by ratio, ascending. */
  seeds: Map<number, Map<number, FinishedCell>>;
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
    const { ratio: _, ...kind } = duplication;
    const key = canonicalJson([protocol, arm, kind]);
    const runs = arms.get(key) ?? { arm, protocol, seeds: new Map() };
    arms.set(key, runs);
    const bySeed = runs.seeds.get(seed) ?? new Map<number, FinishedCell>();
    runs.seeds.set(seed, bySeed);
    bySeed.set(duplication.ratio, cell);
  }
  for (const { protocol, seeds } of arms.values()) {
    for (const [seed, cells] of seeds) {
      const baseline = baselines.get(`${protocol} ${seed}`);
      // Without its own ratio 0 a seed has nothing to be paired with.
      if (baseline === undefined) seeds.delete(seed);
      else {
        const sorted = [...cells].sort(([a], [b]) => a - b);
        seeds.set(seed, new Map([[0, baseline], ...sorted]));
      }
    }
  }
  return [...arms.values()].filter(({ seeds }) => seeds.size > 0);
}

function armOf({ model, training, duplication, budget, backend }: CellConfig) {
  return {
    model,
    training: training.name,
    policy: duplication.policy,
    mode: duplication.mode,
    standIn: duplication.standIn ?? "copies",
    budget,
    backend,
  } satisfies Arm;
}

/** All of a config but what duplication decides. */
function protocolOf(config: CellConfig, data: string): string {
  const { duplication: _, budget: __, seed: ___, augmentation, ...rest } =
    config;
  return canonicalJson([data, rest, augmentation.name]);
}

/** The values of one metric: for each seed, points of (ratio, value). */
export function curvesOf(
  { seeds }: ArmRuns,
  metric: MetricName,
): Map<number, [ratio: number, value: number][]> {
  const curves = new Map<number, [number, number][]>();
  for (const [seed, cells] of seeds) {
    const points: [number, number][] = [];
    for (const [ratio, cell] of cells) {
      const value = measure(cell, metric);
      if (value !== null) points.push([ratio, value]);
    }
    if (points.length > 1 && points[0]![0] === 0) curves.set(seed, points);
  }
  return curves;
}
