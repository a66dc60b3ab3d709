import { capitalise } from "../core/capitalise.ts";
import { countWorstCase } from "../analysis/image_scores.ts";
import { warmEpochMs } from "../analysis/metric.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import { testsOf } from "../results/tests_of.ts";
import type {
  CellResult,
  FinishedCell,
  ResultSet,
} from "../results/result_set.ts";
import { attackTitle } from "../spec/attacks.ts";
import { metrics } from "../spec/metrics.ts";
import {
  type ColumnType,
  type Field,
  joinList,
  rateOf,
  snakeCase,
  type Value,
} from "./column.ts";

type Test = NonNullable<FinishedCell["outcome"]["test"]>;

const field = <Source>(
  name: string,
  type: ColumnType,
  description: string,
  read: Field<Source>["read"],
): Field<Source> => ({ name, type, description, read });

const of = field<FinishedCell>;

const timeOf = {
  data: "preparing batches",
  attack: "attacking training images",
  update: "updating weights",
};

/** Columns of what finished cells have. */
export const outcomeFields: readonly Field<FinishedCell>[] = [
  of(
    "originals",
    "INT64",
    "Original images that are trained on",
    ({ duplication }) => duplication.originals,
  ),
  of(
    "copies",
    "INT64",
    "Copies, or their stand-ins",
    ({ duplication }) => duplication.copies,
  ),
  of(
    "distinct_copied",
    "INT64",
    "Original images with at least one copy",
    ({ duplication }) => duplication.distinctCopied,
  ),
  of(
    "conflicting_copies",
    "INT64",
    "Copies that have another class's label; null: not requested",
    ({ duplication }) => duplication.conflicting?.copies,
  ),
  of(
    "removed_originals",
    "INT64",
    "Original images removed as duplicates",
    ({ duplication }) => duplication.removed?.originals,
  ),
  of(
    "removed_copies",
    "INT64",
    "Copies removed as duplicates",
    ({ duplication }) => duplication.removed?.copies,
  ),
  of(
    "steps_done",
    "INT64",
    "Gradient steps, over all epochs",
    ({ outcome }) => total(outcome.epochs.map(({ steps }) => steps)),
  ),
  of(
    "images_done",
    "INT64",
    "Images trained on, over all epochs",
    ({ outcome }) => total(outcome.epochs.map(({ images }) => images)),
  ),
  of(
    "first_loss",
    "DOUBLE",
    "Mean training loss of the first epoch, in nats",
    ({ outcome }) => outcome.epochs[0]?.loss,
  ),
  of(
    "last_loss",
    "DOUBLE",
    "Mean training loss of the last epoch, in nats",
    ({ outcome }) => outcome.epochs.at(-1)?.loss,
  ),
  of(
    "diverged_at",
    "INT64",
    "Epoch that diverged, from 0; the number of epochs if the last step did; null: none",
    ({ outcome }) => outcome.divergedAtEpoch,
  ),
  of(
    "test_images",
    "INT64",
    "Test images",
    ({ outcome }) => outcome.test?.rows,
  ),
  of(
    "clean_correct",
    "INT64",
    capitalise(metrics.clean.meaning),
    ({ outcome }) => outcome.test?.clean.correct,
  ),
  of(
    "clean_accuracy",
    "DOUBLE",
    "clean_correct / test_images, in [0, 1]",
    ({ outcome: { test } }) => test && rateOf(test.clean.correct, test.rows),
  ),
  of(
    "flipped_correct",
    "INT64",
    "Test images classified correctly by the mean of the logits of the image and of its mirror image, without an attack; null: not requested",
    ({ outcome }) => outcome.test?.flipped?.correct,
  ),
  of(
    "flipped_accuracy",
    "DOUBLE",
    "flipped_correct / test_images, in [0, 1]",
    ({ outcome: { test } }) =>
      test && rateOf(test.flipped?.correct ?? null, test.rows),
  ),
  of(
    "attacked_images",
    "INT64",
    "Test images under attack; null without attack",
    ({ outcome: { test } }) => test && attackedRows(test),
  ),
  of(
    "worst_case_correct",
    "INT64",
    `${capitalise(metrics.adversarial.meaning)}; null without attack`,
    ({ outcome: { test } }) => test && countWorstCase(test),
  ),
  of(
    "worst_case_accuracy",
    "DOUBLE",
    "worst_case_correct / attacked_images, in [0, 1]",
    ({ outcome: { test } }) =>
      test && rateOf(countWorstCase(test), attackedImagesOf(test).rows),
  ),
  ...(["unique", "copies"] as const).flatMap((part) => {
    const images = part === "unique" ? "Original training images" : "Copies";
    const name = `train_${part}`;
    return [
      of(
        `${name}_images`,
        "INT64",
        `${images} evaluated after training`,
        ({ outcome }) => outcome.train?.[part].rows,
      ),
      of(
        `${name}_correct`,
        "INT64",
        "Of these, classified correctly without an attack",
        ({ outcome }) => outcome.train?.[part].correct,
      ),
      of(
        `${name}_accuracy`,
        "DOUBLE",
        `${name}_correct / ${name}_images, in [0, 1]`,
        ({ outcome: { train } }) =>
          train && rateOf(train[part].correct, train[part].rows),
      ),
    ];
  }),
  of(
    "flags",
    "STRING",
    "Reasons why the result may be doubtful: flag@where, joined by semicolons",
    ({ outcome }) =>
      joinList(outcome.flags.map(({ flag, where }) => `${flag}@${where}`)) ||
      null,
  ),
  of(
    "weights_sha256",
    "STRING",
    "SHA-256 of the final weights",
    ({ outcome }) => outcome.weightsSha256,
  ),
  of(
    "train_ms",
    "DOUBLE",
    "Time of training, in ms",
    ({ timing }) => timing.trainMs,
  ),
  of(
    "evaluate_ms",
    "DOUBLE",
    "Time of evaluation, in ms",
    ({ timing }) => timing.evaluateMs,
  ),
  of(
    "first_epoch_ms",
    "DOUBLE",
    "Time of the first epoch, in ms",
    ({ timing }) => timing.epochs[0]?.totalMs,
  ),
  of(
    "epoch_ms",
    "DOUBLE",
    `${capitalise(metrics["epoch-time"].meaning)}; in ms`,
    ({ timing: { epochs, ...timing }, outcome }) =>
      // An epoch that diverged was ended early, so its time is that of other work.
      warmEpochMs({
        ...timing,
        epochs: epochs.slice(0, outcome.epochs.length),
      }),
  ),
  ...(["data", "attack", "update"] as const).map((part) =>
    of(
      `${part}_ms`,
      "DOUBLE",
      `Part of train_ms that is ${timeOf[part]}, over all epochs, in ms`,
      ({ timing }) => total(timing.epochs.map((epoch) => epoch[`${part}Ms`])),
    )
  ),
  of(
    "started_at",
    "STRING",
    "Time at which the cell started, ISO 8601",
    ({ timing }) => timing.startedAt,
  ),
];

/**
 * Three columns for each attack that any cell was evaluated under, and five more
 * where training images were attacked, too. Where a cell has distinct images,
 * their number, and two columns for each accuracy on them; two where test images
 * are counted apart.
 */
export function attackFields(set: ResultSet): Field<CellResult>[] {
  return [
    ...testAttackFields(set),
    ...trainAttackFields(set),
    ...distinctFields(set),
    ...leakedFields(set),
  ];
}

/** Test images that are counted apart, where there are any. */
function leakedFields({ cells }: ResultSet): Field<CellResult>[] {
  const leakedOf = (cell: CellResult) =>
    cell.status === "finished" ? cell.outcome.leaked : undefined;
  if (cells.every((cell) => leakedOf(cell) === undefined)) return [];
  return [
    field(
      "leaked_images",
      "INT64",
      "Test images with a duplicate among the training images, which are counted separately",
      (cell) => leakedOf(cell)?.rows,
    ),
    field(
      "leaked_correct",
      "INT64",
      "Of these, classified correctly without an attack",
      (cell) => leakedOf(cell)?.correct,
    ),
  ];
}

/** Every accuracy on distinct images: `onDistinctImages`. */
function distinctFields({ cells }: ResultSet): Field<CellResult>[] {
  const testsOfCell = (cell: CellResult) => {
    const view = cell.status === "finished" ? onDistinctImages(cell) : null;
    return view === null ? [] : testsOf(view.outcome);
  };
  const all = cells.flatMap(testsOfCell);
  if (all.length === 0) return [];
  const isPartAttacked = all.some(({ test }) => test.attacked !== undefined);
  const attackedName = isPartAttacked
    ? "distinct_attacked_images"
    : "distinct_images";
  return [
    field(
      "distinct_images",
      "INT64",
      "Test images without a near duplicate among the training images of CIFAR-10",
      (cell) => testsOfCell(cell)[0]?.test.rows,
    ),
    ...(isPartAttacked
      ? [
        field(
          attackedName,
          "INT64",
          "Of these, those under attack",
          (cell: CellResult) => {
            const test = testsOfCell(cell)[0]?.test;
            return test && attackedRows(test);
          },
        ),
      ]
      : []),
    ...[...Map.groupBy(all, ({ weights }) => weights)].flatMap(
      ([weights, tests]) => {
        const prefix = `distinct_${weights}${weights && "_"}`;
        const by = weights === "" ? "" : ` by ${otherWeights[weights]}`;
        const attacks = new Set(
          tests.flatMap(({ test }) => Object.keys(test.byAttack)),
        );
        const accuracies: [
          name: string,
          how: string,
          countOf: (test: Test) => Count,
          isAttacked?: boolean,
        ][] = [
          ["clean", " without an attack", ({ clean }) => clean.correct],
          ...(tests.some(({ test }) => test.flipped)
            ? [[
              "flipped",
              " with their mirror images, without an attack",
              ({ flipped }: Test) => flipped?.correct,
            ] as [string, string, (test: Test) => Count]]
            : []),
          [
            "worst_case",
            " both clean and under every attack",
            countWorstCase,
            true,
          ],
          ...[...attacks].map(
            (attack): [string, string, (test: Test) => Count, boolean] => [
              snakeCase(attack),
              ` under ${attackTitle(attack)}`,
              ({ byAttack }) => byAttack[attack]?.correct,
              true,
            ],
          ),
        ];
        return accuracies.flatMap(([name, how, countOf, isAttacked]) => {
          const testOf = (cell: CellResult) =>
            testsOfCell(cell).find((one) => one.weights === weights)?.test;
          const correctOf = (cell: CellResult) => {
            const test = testOf(cell);
            return test === undefined ? null : countOf(test) ?? null;
          };
          return [
            field(
              `${prefix}${name}_correct`,
              "INT64",
              `Of these, classified correctly${by}${how}`,
              correctOf,
            ),
            field(
              `${prefix}${name}_accuracy`,
              "DOUBLE",
              `${prefix}${name}_correct / ${
                isAttacked ? attackedName : "distinct_images"
              }, in [0, 1]`,
              (cell: CellResult) => {
                const test = testOf(cell);
                const counted = isAttacked && test
                  ? attackedImagesOf(test)
                  : test;
                return rateOf(correctOf(cell), counted?.rows ?? 0);
              },
            ),
          ];
        });
      },
    ),
  ];
}

/** How many test images are under attack; `null` where no attack was run. */
function attackedRows(test: Test): number | null {
  return Object.keys(test.byAttack).length === 0
    ? null
    : attackedImagesOf(test).rows;
}

/** Images counted; none where there is no such count. */
type Count = number | null | undefined;

/** What columns call the other weights, and what they are. */
const otherWeights = {
  averaged: "the moving average of the weights",
  best: "the weights after the best epoch",
} as const;

/** Columns of the other weights that any cell was evaluated with. */
export function otherWeightsFields({ cells }: ResultSet): Field<CellResult>[] {
  const found = (["averaged", "best"] as const).filter((which) =>
    cells.some((cell) =>
      cell.status === "finished" && cell.outcome[which] !== undefined
    )
  );
  return found.flatMap((which): Field<CellResult>[] => {
    const title = otherWeights[which];
    const outcomeOf = (cell: CellResult) =>
      cell.status === "finished" ? cell.outcome : undefined;
    const under = (read: (test: Test) => Value) => (cell: CellResult) => {
      const test = outcomeOf(cell)?.[which]?.test;
      return test === undefined ? null : read(test);
    };
    return [
      ...(which === "best"
        ? [
          field(
            "best_epoch",
            "INT64",
            "Best epoch on held-out images, from 0",
            (cell: CellResult) => outcomeOf(cell)?.best?.epoch,
          ),
        ]
        : []),
      field(
        `${which}_clean_correct`,
        "INT64",
        `Test images classified correctly by ${title}, without an attack`,
        under(({ clean }) => clean.correct),
      ),
      field(
        `${which}_clean_accuracy`,
        "DOUBLE",
        `${which}_clean_correct / test_images, in [0, 1]`,
        under(({ clean, rows }) => rateOf(clean.correct, rows)),
      ),
      ...(cells.some((cell) => outcomeOf(cell)?.[which]?.test.flipped)
        ? [
          field(
            `${which}_flipped_correct`,
            "INT64",
            `Test images classified correctly by ${title} with their mirror images, without an attack`,
            under(({ flipped }) => flipped?.correct ?? null),
          ),
          field(
            `${which}_flipped_accuracy`,
            "DOUBLE",
            `${which}_flipped_correct / test_images, in [0, 1]`,
            under(({ flipped, rows }) =>
              rateOf(flipped?.correct ?? null, rows)
            ),
          ),
        ]
        : []),
      field(
        `${which}_worst_case_correct`,
        "INT64",
        `Test images classified correctly by ${title} both clean and under every attack; null without attack`,
        under(countWorstCase),
      ),
      field(
        `${which}_worst_case_accuracy`,
        "DOUBLE",
        `${which}_worst_case_correct / attacked_images, in [0, 1]`,
        under((test) =>
          rateOf(countWorstCase(test), attackedImagesOf(test).rows)
        ),
      ),
      field(
        `${which}_weights_sha256`,
        "STRING",
        `SHA-256 of ${title}`,
        (cell: CellResult) => outcomeOf(cell)?.[which]?.weightsSha256,
      ),
    ];
  });
}

type Train = NonNullable<FinishedCell["outcome"]["train"]>;

function trainAttackFields({ cells }: ResultSet): Field<CellResult>[] {
  const trainOf = (cell: CellResult) =>
    cell.status === "finished" ? cell.outcome.train : null;
  const attacks = [
    ...new Set(
      cells.flatMap((cell) => Object.keys(trainOf(cell)?.byAttack ?? {})),
    ),
  ];
  return attacks.flatMap((attack): Field<CellResult>[] => {
    const name = `${snakeCase(attack)}_train`;
    const title = attackTitle(attack);
    const under =
      (read: (score: NonNullable<Train["byAttack"]>[string]) => Value) =>
      (cell: CellResult) => {
        const score = trainOf(cell)?.byAttack?.[attack];
        return score === undefined ? null : read(score);
      };
    return [
      ...(["unique", "copies"] as const).flatMap((part) => [
        field(
          `${name}_${part}_correct`,
          "INT64",
          `${
            part === "unique" ? "Original training images" : "Copies"
          } classified correctly under ${title}`,
          under((score) => score[part].correct),
        ),
        field(
          `${name}_${part}_accuracy`,
          "DOUBLE",
          `${name}_${part}_correct / train_${part}_images, in [0, 1]`,
          under((score) => rateOf(score[part].correct, score[part].rows)),
        ),
      ]),
      field(
        `${name}_max_perturbation`,
        "DOUBLE",
        `Largest change of any pixel of a training image by ${title}, in pixel units`,
        under(({ maxPerturbation }) => maxPerturbation),
      ),
    ];
  });
}

function testAttackFields({ cells }: ResultSet): Field<CellResult>[] {
  const tests = cells.flatMap((cell) =>
    cell.status === "finished" && cell.outcome.test !== null
      ? [cell.outcome.test]
      : []
  );
  const attacks = [
    ...new Set(tests.flatMap(({ byAttack }) => Object.keys(byAttack))),
  ];
  return attacks.flatMap((attack): Field<CellResult>[] => {
    const name = snakeCase(attack);
    const title = attackTitle(attack);
    const under =
      (read: (score: Test["byAttack"][string], test: Test) => Value) =>
      (cell: CellResult) => {
        const test = cell.status === "finished" ? cell.outcome.test : null;
        const score = test?.byAttack[attack];
        return test && score ? read(score, test) : null;
      };
    return [
      field(
        `${name}_correct`,
        "INT64",
        `Test images classified correctly under ${title}`,
        under(({ correct }) => correct),
      ),
      field(
        `${name}_accuracy`,
        "DOUBLE",
        `${name}_correct / attacked_images, in [0, 1]`,
        under(({ correct }, test) =>
          rateOf(correct, attackedImagesOf(test).rows)
        ),
      ),
      field(
        `${name}_max_perturbation`,
        "DOUBLE",
        `Largest change of any pixel by ${title}, in pixel units`,
        under(({ maxPerturbation }) => maxPerturbation),
      ),
    ];
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
