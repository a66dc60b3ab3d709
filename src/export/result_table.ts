import { warmEpochMs } from "../analysis/metric.ts";
import { unpackBits } from "../results/bit_string.ts";
import type { CellResult, ResultSet } from "../results/result_set.ts";
import type { CellConfig } from "../spec/cell_config.ts";

/** What a column may hold, as Parquet names it. */
export type ColumnType = "BOOLEAN" | "INT64" | "DOUBLE" | "STRING";

/** A value of a table; `null` where there is none. */
export type Value = boolean | number | string | null;

/** A column of a table. */
export interface Column {
  /** Lower-case letters, digits and underscores; unique in its table. */
  readonly name: string;
  /** Integers are exact, within ±2^53. */
  readonly type: ColumnType;
  /** What it means, with its unit. */
  readonly description: string;
}

/** A table: `rows[i][j]` stands in `columns[j]`. */
export interface ResultTable {
  /** Columns, in order. */
  readonly columns: readonly Column[];
  /** Rows, each as long as `columns`. */
  readonly rows: readonly (readonly Value[])[];
}

type Finished = Extract<CellResult, { status: "finished" }>;
type Test = NonNullable<Finished["outcome"]["test"]>;
type Field<T> = readonly [Column, (from: T) => Value | undefined];

const column = (name: string, type: ColumnType, description: string) => ({
  name,
  type,
  description,
});

/**
 * One row a cell, failed ones included, in the order of the result set. Config
 * comes first, every field of it in a column of its own, so that tables of
 * several studies can be put below each other; then counts, rates and times.
 * The last columns are those of each attack that was run: three an attack.
 */
export function cellTable(set: ResultSet): ResultTable {
  const fields = [...cellFields(set), ...attackFields(set)];
  return {
    columns: fields.map(([column]) => column),
    rows: set.cells.map((cell) => fields.map(([, read]) => read(cell) ?? null)),
  };
}

/**
 * One row for each cell, evaluation and class: the long form of the counts by
 * class. Evaluations are `clean`, the attacks by name and, where it was
 * recorded, `worst-case`. Cells that failed or diverged have none.
 */
export function classTable(set: ResultSet): ResultTable {
  const rows = set.cells.flatMap((cell) => {
    if (cell.status === "failed" || cell.outcome.test === null) return [];
    const { outcome: { test }, duplication: { copiesPerClass } } = cell;
    return evaluationsOf(test).flatMap(([evaluation, { correctPerClass }]) =>
      test.rowsPerClass.map((images, label): Value[] => {
        const correct = correctPerClass[label] ?? null;
        return [
          set.study.name,
          cell.id,
          cell.config.duplication.policy,
          cell.config.duplication.ratio,
          cell.config.seed,
          evaluation,
          label,
          copiesPerClass[label] ?? null,
          images,
          correct,
          rate(correct, images),
        ];
      })
    );
  });
  return { columns: classColumns, rows };
}

const classColumns: readonly Column[] = [
  column("study", "STRING", "Name of the study"),
  column("cell", "STRING", "Id of the cell, as in the other table"),
  column("policy", "STRING", "Which images are duplicated; none at ratio 0"),
  column("ratio", "DOUBLE", "Duplicates added per original image"),
  column("seed", "INT64", "Seed of the run"),
  column(
    "evaluation",
    "STRING",
    "clean, an attack, or worst-case: right clean and under every attack",
  ),
  column("class", "INT64", "True class, from 0"),
  column("train_copies", "INT64", "Duplicates of this class in training"),
  column("test_images", "INT64", "Test images of this class"),
  column("correct", "INT64", "Of these, classified correctly"),
  column("accuracy", "DOUBLE", "correct / test_images, in [0, 1]"),
];

function evaluationsOf(test: Test): [string, Test["clean"]][] {
  return [
    ["clean", test.clean],
    ...Object.entries(test.byAttack),
    ...(test.worstCase === undefined
      ? []
      : [["worst-case", test.worstCase] as [string, Test["clean"]]]),
  ];
}

function rate(count: number | null, of: number): number | null {
  return count === null || of === 0 ? null : count / of;
}

function cellFields(set: ResultSet): Field<CellResult>[] {
  return [
    [column("study", "STRING", "Name of the study"), () => set.study.name],
    [
      column("cell", "STRING", "Id of the cell: from the digest of its config"),
      ({ id }) => id,
    ],
    [
      column("status", "STRING", "finished, or failed: its process died"),
      ({ status }) => status,
    ],
    [
      column("error", "STRING", "What a failed cell said last"),
      (cell) => cell.status === "failed" ? cell.error : null,
    ],
    ...configFields.map(([column, read]): Field<CellResult> => [
      column,
      ({ config }) => read(config),
    ]),
    ...finishedFields.map(([column, read]): Field<CellResult> => [
      column,
      (cell) => cell.status === "finished" ? read(cell) : null,
    ]),
  ];
}

const joined = (values: readonly (number | string)[] | undefined) =>
  values?.join(";");

const configFields: readonly Field<CellConfig>[] = [
  [column("dataset", "STRING", "Images"), (c) => c.dataset.name],
  [
    column("limit_train", "INT64", "Training images asked for; null: all"),
    (c) => c.dataset.limitTrain,
  ],
  [
    column("limit_test", "INT64", "Test images asked for; null: all"),
    (c) => c.dataset.limitTest,
  ],
  [column("model", "STRING", "Model"), (c) => c.model],
  [
    column("training", "STRING", "standard, or adversarial: on PGD examples"),
    (c) => c.training.name,
  ],
  ...([
    [
      "epsilon",
      "DOUBLE",
      "Radius of training's L-infinity ball, pixels [0, 1]",
    ],
    ["alpha", "DOUBLE", "Step of training's PGD, in pixel units"],
    ["steps", "INT64", "Iterations of training's PGD"],
    ["randomStart", "BOOLEAN", "Whether training's PGD starts at random"],
    ["lowest", "DOUBLE", "Smallest pixel training's PGD leaves; null: 0"],
  ] as const).map(([field, type, text]): Field<CellConfig> => [
    column(`training_${snake(field)}`, type, text),
    ({ training }) => training.name === "standard" ? null : training[field],
  ]),
  [
    column("policy", "STRING", "Which images are duplicated; none at ratio 0"),
    (c) => c.duplication.policy,
  ],
  [
    column("ratio", "DOUBLE", "Duplicates added per original image"),
    (c) => c.duplication.ratio,
  ],
  [
    column("mode", "STRING", "add: the set grows; replace: it keeps its size"),
    (c) => c.duplication.mode,
  ],
  [
    column(
      "stand_in",
      "STRING",
      "What stands where the copies would: copies, weights or fresh images",
    ),
    (c) => c.duplication.standIn ?? "copies",
  ],
  [
    column("duplicated_class", "INT64", "Class of the policy single-class"),
    (c) => c.duplication.class,
  ],
  [
    column(
      "class_weights",
      "STRING",
      "Shares of the classes in the copies, joined by semicolons; null: default",
    ),
    (c) => joined(c.duplication.classWeights),
  ],
  [
    column("multiplicity", "INT64", "Copies an image, policy concentrated"),
    (c) => c.duplication.multiplicity,
  ],
  [
    column(
      "near_kinds",
      "STRING",
      "How copies differ from originals, joined by semicolons; null: not at all",
    ),
    (c) => joined(c.duplication.nearKinds),
  ],
  [
    column("dedup", "STRING", "Duplicates removed before training"),
    (c) => c.dedup?.method ?? "none",
  ],
  [
    column("dedup_max_difference", "DOUBLE", "Largest difference of near ones"),
    (c) => c.dedup?.method === "near" ? c.dedup.maxDifference : null,
  ],
  [
    column("dedup_mirrored", "BOOLEAN", "Whether mirror images count as near"),
    (c) => c.dedup?.method === "near" ? c.dedup.mirrored : null,
  ],
  [
    column("budget", "STRING", "What every ratio gets as much of"),
    (c) => c.budget,
  ],
  [column("epochs", "INT64", "Epochs asked for"), (c) => c.epochs],
  [
    column(
      "evaluate_every",
      "INT64",
      "Epochs between counts of correct test images; null: at the end only",
    ),
    (c) => c.evaluateEvery,
  ],
  [column("batch", "INT64", "Images in a batch"), (c) => c.batch],
  [column("optimizer", "STRING", "Optimizer"), (c) => c.optimizer.name],
  [
    column("learning_rate", "DOUBLE", "Learning rate"),
    (c) => c.optimizer.learningRate,
  ],
  [
    column("momentum", "DOUBLE", "Momentum of sgd"),
    (c) => c.optimizer.name === "sgd" ? c.optimizer.momentum : null,
  ],
  [
    column("weight_decay", "DOUBLE", "Weight decay, coupled"),
    (c) => c.optimizer.weightDecay,
  ],
  [
    column("schedule", "STRING", "How the learning rate changes"),
    (c) => c.schedule.name,
  ],
  [
    column("schedule_every", "INT64", "Epochs between drops, schedule step"),
    (c) => c.schedule.name === "step" ? c.schedule.every : null,
  ],
  [
    column("schedule_gamma", "DOUBLE", "Factor of a drop, schedule step"),
    (c) => c.schedule.name === "step" ? c.schedule.gamma : null,
  ],
  [
    column("augmentation", "STRING", "Augmentation of training images"),
    (c) => c.augmentation.name,
  ],
  [
    column("augmentation_copies", "STRING", "own: a copy moves on its own"),
    (c) => c.augmentation.copies,
  ],
  [
    column("attacks", "STRING", "Attacks asked for, joined by semicolons"),
    (c) => joined(c.evaluation.attacks),
  ],
  [
    column("epsilon", "DOUBLE", "Radius of evaluation's ball, pixels [0, 1]"),
    (c) => c.evaluation.epsilon,
  ],
  [
    column("alpha", "DOUBLE", "Step of evaluation's attacks, in pixel units"),
    (c) => c.evaluation.alpha,
  ],
  [
    column("lowest", "DOUBLE", "Smallest pixel attacks leave; null: 0"),
    (c) => c.evaluation.lowest,
  ],
  [
    column("random_start", "BOOLEAN", "Whether PGD starts at random"),
    (c) => c.evaluation.randomStart ?? true,
  ],
  [
    column("test_augmentation", "STRING", "Augmentation of the test images"),
    (c) => c.evaluation.augmentation ?? "none",
  ],
  [column("seed", "INT64", "Seed of the run"), (c) => c.seed],
  [column("backend", "STRING", "TensorFlow.js backend"), (c) => c.backend],
];

const finishedFields: readonly Field<Finished>[] = [
  [
    column("originals", "INT64", "Original images that are trained on"),
    (c) => c.duplication.originals,
  ],
  [
    column("copies", "INT64", "Duplicates, or what stands in for them"),
    (c) => c.duplication.copies,
  ],
  [
    column("distinct_copied", "INT64", "Originals with at least one copy"),
    (c) => c.duplication.distinctCopied,
  ],
  [
    column("removed_originals", "INT64", "Originals removed by dedup"),
    (c) => c.duplication.removed?.originals,
  ],
  [
    column("removed_copies", "INT64", "Copies removed by dedup"),
    (c) => c.duplication.removed?.copies,
  ],
  [
    column("steps_done", "INT64", "Gradient steps"),
    (c) => sum(c.outcome.epochs.map(({ steps }) => steps)),
  ],
  [
    column("images_done", "INT64", "Images trained on, over all epochs"),
    (c) => sum(c.outcome.epochs.map(({ images }) => images)),
  ],
  [
    column("first_loss", "DOUBLE", "Mean training loss, first epoch, in nats"),
    (c) => c.outcome.epochs[0]?.loss,
  ],
  [
    column("last_loss", "DOUBLE", "Mean training loss, last epoch, in nats"),
    (c) => c.outcome.epochs.at(-1)?.loss,
  ],
  [
    column("diverged_at", "INT64", "Epoch that diverged, from 0; null: none"),
    (c) => c.outcome.divergedAtEpoch,
  ],
  [
    column("test_images", "INT64", "Test images"),
    (c) => c.outcome.test?.rows,
  ],
  [
    column("clean_correct", "INT64", "Test images classified correctly"),
    (c) => c.outcome.test?.clean.correct,
  ],
  [
    column("clean_accuracy", "DOUBLE", "The same, as a rate in [0, 1]"),
    ({ outcome: { test } }) => test && rate(test.clean.correct, test.rows),
  ],
  [
    column(
      "worst_case_correct",
      "INT64",
      "Test images right clean and under every attack; null without attack",
    ),
    ({ outcome: { test } }) => test && worstCase(test),
  ],
  [
    column("worst_case_accuracy", "DOUBLE", "The same, as a rate in [0, 1]"),
    ({ outcome: { test } }) => test && rate(worstCase(test), test.rows),
  ],
  ...(["unique", "copies"] as const).flatMap((part): Field<Finished>[] => {
    const what = part === "unique" ? "Original training images" : "Copies";
    return [
      [
        column(`train_${part}_images`, "INT64", `${what} evaluated`),
        (c) => c.outcome.train?.[part].rows,
      ],
      [
        column(`train_${part}_correct`, "INT64", "Of these, right, clean"),
        (c) => c.outcome.train?.[part].correct,
      ],
      [
        column(`train_${part}_accuracy`, "DOUBLE", "The same, as a rate"),
        ({ outcome: { train } }) =>
          train && rate(train[part].correct, train[part].rows),
      ],
    ];
  }),
  [
    column("flags", "STRING", "What makes it doubtful: flag@where, semicolons"),
    (c) =>
      joined(c.outcome.flags.map(({ flag, where }) => `${flag}@${where}`)) ||
      null,
  ],
  [
    column("weights_sha256", "STRING", "SHA-256 of the final weights"),
    (c) => c.outcome.weightsSha256,
  ],
  [
    column("train_ms", "DOUBLE", "Time of training, ms"),
    (c) => c.timing.trainMs,
  ],
  [
    column("evaluate_ms", "DOUBLE", "Time of evaluation, ms"),
    (c) => c.timing.evaluateMs,
  ],
  [
    column("first_epoch_ms", "DOUBLE", "Time of the first epoch, ms"),
    (c) => c.timing.epochs[0]?.totalMs,
  ],
  [
    column("epoch_ms", "DOUBLE", "Median time of the epochs after it, ms"),
    (c) => warmEpochMs(c.timing),
  ],
  ...(["data", "attack", "update"] as const).map((part): Field<Finished> => [
    column(`${part}_ms`, "DOUBLE", `Of train_ms, over all epochs: ${part}, ms`),
    (c) => sum(c.timing.epochs.map((epoch) => epoch[`${part}Ms`])),
  ]),
  [
    column("started_at", "STRING", "When it started, ISO 8601"),
    (c) => c.timing.startedAt,
  ],
];

/** Three columns for each attack that any cell was evaluated under. */
function attackFields(set: ResultSet): Field<CellResult>[] {
  const tests = set.cells.flatMap((cell) =>
    cell.status === "finished" && cell.outcome.test !== null
      ? [cell.outcome.test]
      : []
  );
  const attacks = [
    ...new Set(tests.flatMap(({ byAttack }) => Object.keys(byAttack))),
  ];
  return attacks.flatMap((attack): Field<CellResult>[] => {
    const name = snake(attack);
    const of =
      (read: (score: Test["byAttack"][string], test: Test) => Value) =>
      (cell: CellResult) => {
        const test = cell.status === "finished" ? cell.outcome.test : null;
        const score = test?.byAttack[attack];
        return test && score ? read(score, test) : null;
      };
    return [
      [
        column(`${name}_correct`, "INT64", `Test images right under ${attack}`),
        of(({ correct }) => correct),
      ],
      [
        column(`${name}_accuracy`, "DOUBLE", "The same, as a rate in [0, 1]"),
        of(({ correct }, { rows }) => rate(correct, rows)),
      ],
      [
        column(
          `${name}_max_perturbation`,
          "DOUBLE",
          `Largest change of any pixel by ${attack}`,
        ),
        of(({ maxPerturbation }) => maxPerturbation),
      ],
    ];
  });
}

/** As recorded; older sets have it only in the bits of the single images. */
function worstCase({ rows, clean, byAttack, worstCase }: Test): number | null {
  if (worstCase !== undefined) return worstCase.correct;
  const attacks = Object.values(byAttack);
  if (attacks.length === 0) return null;
  const scores = [clean, ...attacks].map(({ bits }) => unpackBits(bits, rows));
  return scores[0]!.filter((_, i) => scores.every((right) => right[i])).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `randomStart` and `pgd-10` as names that R and pandas take unquoted. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/[^a-z0-9_]/g, "_");
}
