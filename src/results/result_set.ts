import { z } from "zod";
import { canonicalJson, sha256Of } from "../core/digest.ts";
import { cellConfigSchema } from "../spec/cell_config.ts";
import { studySchema } from "../spec/study.ts";
import {
  duplicationRecordSchema,
  outcomeSchema,
  perClassSchema,
  timingSchema,
} from "./outcome.ts";
import { provenanceSchema } from "./provenance.ts";
import type {
  CellResult,
  FailedCell,
  FinishedCell,
  ResultSet,
} from "./result_set_types.ts";

export type { CellResult, FailedCell, FinishedCell, ResultSet };
export type { Shard } from "./result_set_types.ts";

/** Identity of the result-set format; the number grows when it changes. */
export const SCHEMA_ID = "dupbench/result-set/1";

/** The same as a number. */
export const SCHEMA_VERSION = 1;

const hash16 = z.string().regex(/^[0-9a-f]{16}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A cell that was run: diverging is a result, too.
 *
 * @internal
 */
export const finishedCellSchema = z.strictObject({
  id: hash16.describe("First 16 digits of the SHA-256 of the config"),
  status: z.literal("finished").describe("How the cell ended"),
  config: cellConfigSchema.describe(
    "The settings of the cell, with every default filled in",
  ),
  duplication: duplicationRecordSchema.describe(
    "The copies added to the training set",
  ),
  outcome: outcomeSchema.describe("The reproducible results"),
  timing: timingSchema.describe("How long it took; not part of the digest"),
});

/**
 * A cell whose worker died twice.
 *
 * @internal
 */
export const failedCellSchema = z.strictObject({
  id: hash16.describe("First 16 digits of the SHA-256 of the config"),
  status: z.literal("failed").describe("How the cell ended"),
  config: cellConfigSchema.describe(
    "The settings of the cell, with every default filled in",
  ),
  error: z.string().describe("Last message of the worker"),
});

/**
 * A cell of a result set.
 *
 * @internal
 */
export const cellSchema = z.discriminatedUnion("status", [
  finishedCellSchema,
  failedCellSchema,
]);

/**
 * Images per class and the SHA-256 over the decoded pixels and labels.
 *
 * @internal
 */
export const datasetDigestSchema = z.strictObject({
  name: z.string().describe("Name of the data set"),
  trainPerClass: perClassSchema.describe("Training images by class"),
  testPerClass: perClassSchema.describe("Test images by class"),
  leaksPerClass: perClassSchema.optional().describe(
    "Test images by class that have an exact, near or mirrored duplicate among the training images; absent: not counted, because the data set has its own split",
  ),
  apartPerClass: perClassSchema.optional().describe(
    "Test images by class that are counted separately because they have an exact, near or mirrored duplicate among the training images; absent: none",
  ),
  skippedImages: z.int().min(1).optional().describe(
    "Broken images of a folder that were left out; absent: none",
  ),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).describe(
    "SHA-256 of the decoded pixels and labels",
  ),
});

/**
 * Which part of a study's cells: the `index`th of `count`, from 1.
 *
 * @internal
 */
export const shardSchema = z.strictObject({
  index: z.int().min(1).describe("Which of the shards, from 1"),
  count: z.int().min(1).describe("Number of shards"),
});

/**
 * Cells of a result set that were taken from an earlier set.
 *
 * @internal
 */
export const reusedCellsSchema = z.strictObject({
  digest: digest.describe("Digest of the set that they were taken from"),
  cells: z.array(hash16).min(1).describe("Their ids"),
  runs: z.array(provenanceSchema).min(1).describe(
    "Where, when and with which versions the cells of that set ran, by part",
  ),
});

const reused = z.array(reusedCellsSchema).min(1).optional();

/**
 * Cells of a sweep that ran before it was interrupted.
 *
 * @internal
 */
export const resumedCellsSchema = z.strictObject({
  cells: z.array(hash16).min(1).describe("Their ids"),
  run: provenanceSchema.describe(
    "Where, when and with which versions they ran",
  ),
});

const resumed = z.array(resumedCellsSchema).min(1).optional();

/**
 * A result set: all cells of a study, or of one shard of them, with what is
 * needed to repeat and check them. `digest` covers `schema`, `study`, `shard`,
 * `dataset` and, of each cell, all but `timing` and `error`; nothing else in the
 * file is reproducible.
 *
 * @internal
 */
export const resultSetSchema = z.strictObject({
  schema: z.literal(SCHEMA_ID).describe("Format and version"),
  study: studySchema.describe(
    "The study that was run; what it does not say is at its default",
  ),
  shard: shardSchema.optional().describe(
    "Which part of the cells of the study this is; absent: all",
  ),
  dataset: datasetDigestSchema.describe("The images that were used"),
  cells: z.array(cellSchema).describe("The cells, in the order of the study"),
  digest: digest.describe("SHA-256 of everything that is reproducible"),
  provenance: provenanceSchema.describe(
    "Where, when and with which versions the set was made",
  ),
  resumed: resumed.describe(
    "Cells that ran before the sweep was interrupted, by run; absent: none, or not recorded, as in older sets",
  ),
  reused: reused.describe(
    "Cells that were taken from earlier sets, by set; absent: none",
  ),
  parts: z.array(z.strictObject({
    shard: shardSchema.optional().describe(
      "Which part of the cells of the study it was; absent: all",
    ),
    digest: digest.describe("Digest of the part"),
    provenance: provenanceSchema.describe(
      "Where, when and with which versions the part was made",
    ),
    cells: z.array(hash16).optional().describe(
      "Ids of the cells that were taken from the part; absent: not recorded, as in older sets",
    ),
    resumed: resumed.describe(
      "Cells of the part that ran before its sweep was interrupted, by run; absent: none, or not recorded",
    ),
    reused: reused.describe(
      "Cells that the part took from earlier sets, by set; absent: none",
    ),
  })).optional().describe(
    "Result sets that were merged into this one, and where their cells ran; absent: it was not merged",
  ),
});

/**
 * The digest of a result set: SHA-256 of the canonical JSON of its
 * deterministic parts, cells in the order of their ids.
 */
export function digestResultSet(
  { schema, study, shard, dataset, cells }: Omit<
    ResultSet,
    "digest" | "provenance" | "parts" | "reused" | "resumed"
  >,
): string {
  const sorted = [...cells].sort((a, b) => a.id < b.id ? -1 : 1);
  const rest = canonicalJson({
    schema,
    study,
    ...(shard && { shard }),
    dataset,
  });
  // "cells" is the first field. One at a time: all of a large set are more text
  // than one string holds.
  const parts = function* () {
    yield '{"cells":[';
    for (const [i, cell] of sorted.entries()) {
      yield `${i === 0 ? "" : ","}${canonicalJson(reproducible(cell))}`;
    }
    yield `],${rest.slice(1)}`;
  };
  return sha256Of(parts());
}

/** What `reproducible` leaves of a cell. */
export type ReproducibleCell =
  | Omit<FinishedCell, "timing">
  | Omit<FailedCell, "error">;

/** Of a cell, all that is the same wherever and whenever it is run. */
export function reproducible(cell: CellResult): ReproducibleCell {
  if (cell.status === "failed") {
    const { id, status, config } = cell;
    return { id, status, config };
  }
  const { id, status, config, duplication, outcome } = cell;
  return { id, status, config, duplication, outcome };
}
