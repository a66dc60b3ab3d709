import type { Outcome } from "../results/outcome.ts";
import type { CellResult, ResultSet } from "../results/result_set.ts";
import { scoresOf } from "../results/scores_of.ts";
import { type Column, type Field, rateOf, type Value } from "./column.ts";
import { configFields } from "./config_columns.ts";
import {
  attackFields,
  otherWeightsFields,
  outcomeFields,
} from "./outcome_columns.ts";

/** A table: `rows[i][j]` is in `columns[j]`. */
export interface ResultTable {
  /** Columns, in order. */
  readonly columns: readonly Column[];
  /** Rows, each as long as `columns`. */
  readonly rows: readonly (readonly Value[])[];
}

type Test = NonNullable<Outcome["test"]>;

/**
 * One row per cell, failed ones included, in the order of the result set. First
 * comes the config, every field of it in a column of its own, so that tables of
 * several studies can be appended; then counts, rates and times, and those of
 * averaged weights and of the best epoch, where there are any. The last columns
 * are three for each attack that was run, and five more for each that was also run
 * on training images; then the accuracies on distinct images, where there are any.
 */
export function cellTable(set: ResultSet): ResultTable {
  const fields = [
    ...cellFields(set),
    ...otherWeightsFields(set),
    ...attackFields(set),
  ];
  return {
    columns: fields.map(toColumn),
    rows: set.cells.map((cell) => fields.map(({ read }) => read(cell) ?? null)),
  };
}

function toColumn({ name, type, description }: Column): Column {
  return { name, type, description };
}

function cellFields({ study }: ResultSet): Field<CellResult>[] {
  return [
    {
      name: "study",
      type: "STRING",
      description: "Name of the study",
      read: () => study.name,
    },
    {
      name: "cell",
      type: "STRING",
      description: "Id of the cell, from the digest of its config",
      read: ({ id }) => id,
    },
    {
      name: "status",
      type: "STRING",
      description: "finished, or failed if its process died",
      read: ({ status }) => status,
    },
    {
      name: "error",
      type: "STRING",
      description: "Last message of a failed cell",
      read: (cell) => cell.status === "failed" ? cell.error : null,
    },
    ...configFields.map((field): Field<CellResult> => ({
      ...field,
      read: ({ config }) => field.read(config),
    })),
    ...outcomeFields.map((field): Field<CellResult> => ({
      ...field,
      read: (cell) => cell.status === "finished" ? field.read(cell) : null,
    })),
  ];
}

/** A class of an evaluation of a cell. */
interface ClassRow {
  readonly study: string;
  readonly cell: Extract<CellResult, { status: "finished" }>;
  readonly evaluation: string;
  readonly label: number;
  readonly images: number;
  readonly correct: number | null;
}

const configField = (name: string): Field<ClassRow> => {
  const field = configFields.find((field) => field.name === name)!;
  return { ...field, read: ({ cell }) => field.read(cell.config) };
};

const classFields: readonly Field<ClassRow>[] = [
  {
    name: "study",
    type: "STRING",
    description: "Name of the study",
    read: ({ study }) => study,
  },
  {
    name: "cell",
    type: "STRING",
    description: "Id of the cell, as in the table of cells",
    read: ({ cell }) => cell.id,
  },
  ...["policy", "ratio", "seed"].map(configField),
  {
    name: "evaluation",
    type: "STRING",
    description:
      "clean, an attack, or worst-case (correct both clean and under every attack)",
    read: ({ evaluation }) => evaluation,
  },
  {
    name: "class",
    type: "INT64",
    description: "True class, from 0",
    read: ({ label }) => label,
  },
  {
    name: "train_copies",
    type: "INT64",
    description: "Copies of this class in the training set",
    read: ({ cell, label }) => cell.duplication.copiesPerClass[label],
  },
  {
    name: "test_images",
    type: "INT64",
    description:
      "Test images of this class; under attack and in the worst case, those attacked",
    read: ({ images }) => images,
  },
  {
    name: "correct",
    type: "INT64",
    description: "Of these, classified correctly",
    read: ({ correct }) => correct,
  },
  {
    name: "accuracy",
    type: "DOUBLE",
    description: "correct / test_images, in [0, 1]",
    read: ({ correct, images }) => rateOf(correct, images),
  },
];

/**
 * One row per cell, evaluation and class: the long form of the counts by class.
 * Evaluations are `clean`, the attacks by name and, where it was recorded,
 * `worst-case`. Cells that failed or diverged have none.
 */
export function classTable({ study, cells }: ResultSet): ResultTable {
  const rows = cells.flatMap((cell) => {
    if (cell.status === "failed" || cell.outcome.test === null) return [];
    const { test } = cell.outcome;
    return evaluationsOf(test).flatMap(({ evaluation, score, images }) =>
      images.rowsPerClass.map((images, label): ClassRow => ({
        study: study.name,
        cell,
        evaluation,
        label,
        images,
        correct: score.correctPerClass[label] ?? null,
      }))
    );
  });
  return {
    columns: classFields.map(toColumn),
    rows: rows.map((row) => classFields.map(({ read }) => read(row) ?? null)),
  };
}

function evaluationsOf(test: Test) {
  return scoresOf(test).filter(({ path }) => path !== "flipped").map(
    ({ path, score, images }) => ({
      evaluation: path === "worstCase"
        ? "worst-case"
        : path.replace(/^byAttack\./, ""),
      score,
      images,
    }),
  );
}
