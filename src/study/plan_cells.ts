import type { BackendName } from "../backend/backend.ts";
import type { CellConfig } from "./cell_config.ts";
import { cellId } from "./cell_config.ts";
import type { StandInName } from "../duplication/plan_duplication.ts";
import { standInsOf, type Study } from "./study.ts";
import { defaultMaxDifference } from "../detection/near_duplicates.ts";
import { nearKinds } from "../duplication/plan_near_copies.ts";

/** A cell of a sweep, before it is run. */
export interface Cell {
  /** Hash of the config. */
  readonly id: string;
  /** What to run. */
  readonly config: CellConfig;
}

/** Protocol of the published notebooks, by model; see `published.json` there. */
const published = {
  "published-standard": { optimizer: "sgd", augment: "crop-flip" },
  "published-adversarial": { optimizer: "adam", augment: "none" },
} as const;

/**
 * Lists the cells of a study: the product of its axes, in the order of the
 * table that is printed. Ratio 0 is the same run under every policy, mode and
 * budget, so it appears once, as policy `none`. Ratios that only mode `add` can
 * reach are left out of mode `replace` where the study has both.
 *
 * @param study Every default filled in.
 * @param backend What `study.backend` came to on this machine.
 */
export function planCells(study: Study, backend: BackendName): Cell[] {
  const cells = new Map<string, Cell>();
  for (const model of study.model) {
    for (const training of study.training) {
      for (const policy of study.policy) {
        for (const [mode, standIn] of growths(study)) {
          for (const budget of study.budget) {
            for (const copies of study.copies ?? ["exact"]) {
              for (const dedup of study.dedup ?? ["none"]) {
                for (const ratio of ratiosOf(study, mode)) {
                  for (const seed of study.seeds) {
                    add(study, {
                      model,
                      training,
                      policy,
                      mode,
                      standIn,
                      budget,
                      copies,
                      dedup,
                      ratio,
                      seed,
                      backend,
                    });
                  }
                }
              }
            }
          }
        }
      }
    }
  }
  return [...cells.values()];

  function add(study: Study, point: Point): void {
    const config = resolveConfig(study, point);
    const id = cellId(config);
    if (!cells.has(id)) cells.set(id, { id, config });
  }
}

/** Pairs of mode and stand-in: what replaces is always a copy. */
function growths(study: Study): [Point["mode"], Point["standIn"]][] {
  return study.mode.flatMap((mode) =>
    standInsOf(study)
      .filter((standIn) => mode === "add" || standIn === "copies")
      .map((standIn): [Point["mode"], Point["standIn"]] => [mode, standIn])
  );
}

/** The largest ratio at which every row left may be copied once. */
const LARGEST_REPLACED = 0.5;

function ratiosOf(study: Study, mode: Point["mode"]): readonly number[] {
  const isPartOf = mode === "replace" && study.mode.includes("add");
  return isPartOf
    ? study.ratios.filter((ratio) => ratio <= LARGEST_REPLACED)
    : study.ratios;
}

interface Point {
  model: Study["model"][number];
  training: Study["training"][number];
  policy: Study["policy"][number];
  mode: Study["mode"][number];
  standIn: StandInName;
  budget: Study["budget"][number];
  copies: NonNullable<Study["copies"]>[number];
  dedup: NonNullable<Study["dedup"]>[number];
  ratio: number;
  seed: number;
  backend: BackendName;
}

function resolveConfig(study: Study, point: Point): CellConfig {
  const { model, seed, backend } = point;
  const threat = {
    epsilon: study.epsilon,
    alpha: study.alpha ?? study.epsilon / 4,
    ...(study.attackLowest !== undefined && { lowest: study.attackLowest }),
  };
  const augmentation = resolveAugmentation(study, point);
  return {
    dataset: {
      name: study.dataset,
      limitTrain: study.limitTrain ?? null,
      limitTest: study.limitTest ?? null,
    },
    model,
    training: point.training === "standard" ? { name: "standard" } : {
      name: "adversarial",
      ...threat,
      steps: study.trainSteps,
      randomStart: study.randomStart,
    },
    duplication: resolveDuplication(study, point),
    ...resolveDedup(point),
    budget: keepsSize(point) ? "steps" : point.budget,
    epochs: study.epochs,
    // Beyond the last epoch every number asks for the same.
    ...(study.evaluateEvery !== undefined &&
      { evaluateEvery: Math.min(study.evaluateEvery, study.epochs) }),
    batch: study.batch ?? 128,
    optimizer: resolveOptimizer(study, model),
    schedule: resolveSchedule(study),
    augmentation,
    evaluation: {
      attacks: study.attacks,
      ...threat,
      ...(study.testRandomStart === false && { randomStart: false as const }),
      ...(study.testAugment && augmentation.name !== "none" &&
        { augmentation: augmentation.name }),
    },
    seed,
    backend,
  };
}

/**
 * Whether a cell trains on as many slots as there are originals: then equal
 * steps and equal epochs are the same.
 */
function keepsSize({ ratio, mode, standIn }: Point): boolean {
  return ratio === 0 || mode === "replace" || standIn === "weights";
}

function resolveDuplication(
  study: Study,
  { policy, ratio, mode, standIn, copies }: Point,
): CellConfig["duplication"] {
  if (ratio === 0) return { policy: "none", ratio, mode: "add" };
  const plain = {
    policy,
    ratio,
    mode,
    ...(standIn !== "copies" && { standIn }),
    ...(copies === "near" && standIn === "copies" &&
      { nearKinds: study.nearKinds ?? [...nearKinds] }),
  };
  switch (policy) {
    case "single-class":
      return { ...plain, class: study.class ?? 0 };
    case "class-biased":
      return study.classWeights === undefined
        ? plain
        : { ...plain, classWeights: study.classWeights };
    case "concentrated":
      return { ...plain, multiplicity: study.multiplicity ?? 10 };
    default:
      return plain;
  }
}

/** Nothing where nothing is removed, so that such cells are what they were. */
function resolveDedup({ dedup: method }: Point): Pick<CellConfig, "dedup"> {
  switch (method) {
    case "none":
      return {};
    case "exact":
      return { dedup: { method } };
    case "near":
      return {
        dedup: { method, maxDifference: defaultMaxDifference, mirrored: true },
      };
  }
}

function resolveOptimizer(
  study: Study,
  model: Point["model"],
): CellConfig["optimizer"] {
  const name = study.optimizer ?? published[model].optimizer;
  if (name === "adam") {
    return {
      name,
      learningRate: study.learningRate ?? 0.001,
      weightDecay: study.weightDecay ?? 0,
    };
  }
  return {
    name,
    learningRate: study.learningRate ?? 0.01,
    momentum: study.momentum ?? 0.9,
    weightDecay: study.weightDecay ?? 5e-4,
  };
}

function resolveSchedule(study: Study): CellConfig["schedule"] {
  const { schedule: name } = study;
  if (name !== "step") return { name };
  return {
    name,
    every: study.scheduleEvery ?? 10,
    gamma: study.scheduleGamma ?? 0.1,
  };
}

function resolveAugmentation(
  study: Study,
  { model, ratio }: Point,
): CellConfig["augmentation"] {
  const name = study.augment ?? published[model].augment;
  const hasChoice = name !== "none" && ratio > 0;
  return { name, copies: hasChoice ? study.augmentCopies : "own" };
}
