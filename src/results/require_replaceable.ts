import { lstat } from "node:fs/promises";
import { digestOf } from "../core/digest.ts";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import type { BackendName } from "../spec/names.ts";
import type { Study } from "../spec/study.ts";
import { nameShard } from "./name_part.ts";
import { readResultSet } from "./read_result_set.ts";
import type { ResultSet, Shard } from "./result_set.ts";

/** What is about to be written. */
export interface Replacement {
  /** Its study. */
  readonly study: Study;
  /** Its part of the study; absent: all cells. */
  readonly shard?: Shard | undefined;
  /** Its images. */
  readonly dataset: { readonly sha256: string };
  /** Where its cells ran; absent: it has none. */
  readonly backend: BackendName | undefined;
  /** How many of its cells failed; default 0, as before any has run. */
  readonly failed?: number | undefined;
}

/**
 * Checks that writing a result set to `path` replaces nothing but a result set
 * that the same study gives again: on the same images and backend, a whole one only
 * by a whole one, and none by one of which more cells failed.
 *
 * @throws {UsageError} If the file there is anything else.
 */
export async function requireReplaceable(
  path: string,
  { study, shard, dataset, backend, failed = 0 }: Replacement,
): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there === null) return;
  const refuse = (what: string) => {
    throw new UsageError(
      `"${path}" is ${what} and is not replaced: choose another "out", or move the file away`,
      { field: "out" },
    );
  };
  let old: ResultSet;
  try {
    old = await readResultSet(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuse(`not a result set (${quotation(messageOf(error))})`);
  }
  if (digestOf(old.study) !== digestOf(study)) {
    return refuse(
      `the result set of another study, "${quotation(old.study.name)}",`,
    );
  }
  const part = old.shard && nameShard(old.shard);
  const own = shard && nameShard(shard);
  if (own !== undefined && own !== part) {
    return refuse(
      part === undefined
        ? "the result set of the whole study"
        : `${part} of the study`,
    );
  }
  // Folders share the name of a data set, so studies of several are the same.
  if (old.dataset.sha256 !== dataset.sha256) {
    return refuse(
      `the result set of other images (SHA-256 ${
        old.dataset.sha256.slice(0, 16)
      }, not ${dataset.sha256.slice(0, 16)})`,
    );
  }
  const recorded = old.cells[0]?.config.backend;
  if (recorded !== undefined && recorded !== backend) {
    return refuse(`the result set of cells on ${recorded}, not ${backend},`);
  }
  const failures = old.cells.filter(({ status }) => status === "failed").length;
  if (failures < failed) {
    return refuse(
      `a result set with ${
        failures === 0 ? "no failed cell" : `only ${failures} failed`
      }, the new one has ${failed},`,
    );
  }
}
