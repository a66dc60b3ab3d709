import { z } from "zod";
import { digestOf } from "../core/digest.ts";
import { cellConfigSchema } from "../spec/cell_config.ts";
import { studySchema } from "../spec/study.ts";
import {
  duplicationRecordSchema,
  outcomeSchema,
  timingSchema,
} from "./outcome.ts";
import { provenanceSchema } from "./provenance.ts";

/** Identity of the result-set format; the number grows when it changes. */
export const SCHEMA_ID = "dupbench/result-set/1";

/** The same as a number. */
export const SCHEMA_VERSION = 1;

const hash16 = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * A cell that was run: diverging is a result, too.
 *
 * @internal
 */
export const finishedCellSchema = z.strictObject({
  id: hash16.describe("First 16 digits of the SHA-256 of the config"),
  status: z.literal("finished"),
  config: cellConfigSchema,
  duplication: duplicationRecordSchema,
  outcome: outcomeSchema,
  timing: timingSchema,
});

/**
 * A cell whose worker died twice.
 *
 * @internal
 */
export const failedCellSchema = z.strictObject({
  id: hash16,
  status: z.literal("failed"),
  config: cellConfigSchema,
  error: z.string().describe("What the worker said last"),
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

/** A cell that was run. */
export type FinishedCell = typeof finishedCellSchema["_output"];

/** A cell whose worker died twice. */
export type FailedCell = typeof failedCellSchema["_output"];

/** A cell of a result set. */
export type CellResult = typeof cellSchema["_output"];

/**
 * Images per class and the SHA-256 over the decoded pixels and labels.
 *
 * @internal
 */
export const datasetDigestSchema = z.strictObject({
  name: z.string(),
  trainPerClass: z.array(z.int().min(0)),
  testPerClass: z.array(z.int().min(0)),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Which part of a study's cells: the `index`th of `count`, from 1.
 *
 * @internal
 */
export const shardSchema = z.strictObject({
  index: z.int().min(1),
  count: z.int().min(1),
});

/** Which part of a study's cells: the `index`th of `count`, from 1. */
export type Shard = typeof shardSchema["_output"];

/**
 * A result set: all cells of a study, or of one shard of them, with what is
 * needed to repeat and check them. `digest` covers `schema`, `study`, `shard`,
 * `dataset` and, of each cell, all but `timing` and `error`; nothing else in the
 * file is reproducible.
 *
 * @internal
 */
export const resultSetSchema = z.strictObject({
  schema: z.literal(SCHEMA_ID),
  study: studySchema,
  shard: shardSchema.optional().describe(
    "Which part of the study's cells these are; absent: all",
  ),
  dataset: datasetDigestSchema,
  cells: z.array(cellSchema),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  provenance: provenanceSchema,
  parts: z.array(z.strictObject({
    shard: shardSchema.optional(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    provenance: provenanceSchema,
  })).optional().describe(
    "Result sets that were merged into this one; their cells ran where these say",
  ),
});

/** All cells of a study, with what is needed to repeat and check them. */
export type ResultSet = typeof resultSetSchema["_output"];

/**
 * The digest of a result set: SHA-256 of the canonical JSON of its
 * deterministic parts, cells in the order of their ids.
 */
export function digestResultSet(
  { schema, study, shard, dataset, cells }: Omit<
    ResultSet,
    "digest" | "provenance" | "parts"
  >,
): string {
  const deterministic = cells.map(reproducible)
    .sort((a, b) => a.id < b.id ? -1 : 1);
  return digestOf({
    schema,
    study,
    ...(shard && { shard }),
    dataset,
    cells: deterministic,
  });
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
