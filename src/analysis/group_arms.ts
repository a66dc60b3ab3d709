import { canonicalJson } from "../core/digest.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { axes } from "../spec/axes.ts";
import type { Axis, CoordinateRole } from "../spec/axis.ts";
import type { CellConfig } from "../spec/cell_config.ts";
import { datasets, type DatasetTerm } from "../spec/datasets.ts";
import { type MetricName, metricOf } from "../spec/metrics.ts";
import { policyFields } from "../spec/policies.ts";
import { type Arm, armOf } from "./arm.ts";

/** The runs of one arm: for each seed, its cells by ratio, ratio 0 included. */
export interface ArmRuns {
  /** Values of all coordinates but ratio and seed. */
  arm: Arm;
  /**
   * What its cells share with their ratio 0: canonical JSON of the data set's
   * SHA-256, of the config without everything about duplication, and of the
   * augmentation.
   */
  protocol: string;
  /**
   * Numbers of the policy, whether plans are drawn anew, and whether a copy draws
   * an augmentation of its own: what an arm shares with its controls.
   */
  variant: string;
  /** Which test images its cells were tested on: equal for the same ones. */
  images: string;
  /** Cells by seed, then by ratio, ascending. */
  seeds: Map<number, Map<number, FinishedCell>>;
  /** Seeds with copies but without a ratio 0, which are left out. */
  unpaired: number[];
  /**
   * Seeds of the protocol that have none of these copies, as they were not run,
   * failed or diverged.
   */
  absent: number[];
}

/**
 * Sorts the finished cells of result sets into arms. A cell of ratio 0 belongs
 * to every arm that differs from it in nothing but duplication: coordinates that
 * are a condition separate protocols, those of duplication separate arms.
 * Diverged cells are left out, as they have no accuracy.
 *
 * @param sets Cells in several of them count once.
 * @returns Arms that have at least one seed with a ratio 0.
 */
export function groupArms(sets: readonly ResultSet[]): ArmRuns[] {
  return pairedArms(groupAllArms(sets));
}

/** The arms that have at least one seed with a ratio 0. */
export function pairedArms(arms: readonly ArmRuns[]): ArmRuns[] {
  return arms.filter(({ seeds }) => seeds.size > 0);
}

/** As `groupArms`, with the arms none of whose seeds has a ratio 0. */
export function groupAllArms(sets: readonly ResultSet[]): ArmRuns[] {
  const baselines = new Map<string, FinishedCell>();
  const arms = new Map<string, ArmRuns>();
  const seedsOf = new Map<string, Set<number>>();
  const cells = sets.flatMap((set) =>
    set.cells.map((cell) => ({ cell, data: set.dataset.sha256 }))
  );
  for (const { cell, data } of cells) {
    const { seed, duplication } = cell.config;
    const protocol = protocolOf(cell.config, data);
    seedsOf.set(protocol, (seedsOf.get(protocol) ?? new Set()).add(seed));
    if (cell.status === "failed" || cell.outcome.test === null) continue;
    if (duplication.ratio === 0) {
      baselines.set(`${protocol} ${seed}`, cell);
      continue;
    }
    const key = canonicalJson([protocol, duplicationOf(cell.config)]);
    const runs = arms.get(key) ?? {
      arm: armOf(cell.config),
      protocol,
      variant: variantOf(cell.config),
      images: testImagesOf(cell.config, data),
      seeds: new Map(),
      unpaired: [],
      absent: [],
    };
    arms.set(key, runs);
    const bySeed = runs.seeds.get(seed) ?? new Map<number, FinishedCell>();
    runs.seeds.set(seed, bySeed);
    bySeed.set(duplication.ratio, cell);
  }
  for (const { protocol, seeds, unpaired, absent } of arms.values()) {
    for (const seed of seedsOf.get(protocol)!) {
      if (!seeds.has(seed)) absent.push(seed);
    }
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
  return [...arms.values()];
}

/** Fields of a config that belong to axes of these roles. */
function fieldsOf(...roles: CoordinateRole[]): Set<string> {
  return new Set(
    axes.flatMap(({ role, shape }: Axis) =>
      roles.includes(role) ? Object.keys(shape) : []
    ),
  );
}

const notProtocol = fieldsOf("duplication", "ratio", "replicate");
const ofDuplication = fieldsOf("duplication", "ratio");

/** All of a config but what duplication decides. */
function protocolOf(config: CellConfig, data: string): string {
  const { augmentation: { copies: _, ...moves }, ...fields } = config;
  const rest = Object.entries(fields).filter(([f]) => !notProtocol.has(f));
  // Without options an augmentation is its name, as in earlier versions.
  const hasOptions = Object.keys(moves).length > 1;
  return canonicalJson([
    data,
    Object.fromEntries(rest),
    hasOptions ? moves : moves.name,
  ]);
}

/** What duplication decides of a config, but for the ratio. */
function duplicationOf(config: CellConfig): unknown {
  const fields = Object.entries(config).filter(([f]) => ofDuplication.has(f));
  const { ratio: _, ...duplication } = config.duplication;
  return [
    { ...Object.fromEntries(fields), duplication },
    config.augmentation.copies,
  ];
}

/**
 * A data set that comes split has the same test images whatever else is chosen; the
 * digest is also over the training images, of which runs may use a part. Folders
 * share a name, so only the digest tells them apart.
 */
export function testImagesOf(
  { dataset: { name, limitTest, split, leaks } }: CellConfig,
  data: string,
): string {
  const { rows }: DatasetTerm = datasets[name];
  return canonicalJson([
    name,
    limitTest ?? rows?.test ?? null,
    split ?? null,
    // Which images leak depends on the training images.
    name === "folder" || leaks === "apart" ? data : null,
  ]);
}

/**
 * Which test images a metric counts: those of `testImagesOf`, or of these the ones
 * under attack.
 */
export function countedImagesOf(
  images: string,
  { evaluation: { attackImages } }: CellConfig,
  metric: MetricName,
): string {
  const { partOf, isAttacked } = metricOf(metric);
  const counts = isAttacked ?? (partOf && metricOf(partOf).isAttacked);
  return counts && attackImages !== undefined
    ? canonicalJson([images, attackImages])
    : images;
}

/**
 * Where test images are from: those of different numbers, or of a part of a data
 * set, may be the same ones, though `testImagesOf` differs.
 */
export function imageSourceOf({ dataset: { name } }: CellConfig): string {
  return name.replace(/-(mini|coarse)$/, "");
}

function variantOf({ duplication, augmentation }: CellConfig): string {
  const options: Readonly<Record<string, unknown>> = { ...duplication };
  return canonicalJson([
    ...Object.keys(policyFields).map((field) => options[field] ?? null),
    duplication.plans ?? null,
    augmentation.copies,
  ]);
}
