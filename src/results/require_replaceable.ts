import { lstat } from "node:fs/promises";
import { digestOf } from "../core/digest.ts";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import type { Study } from "../spec/study.ts";
import { readResultSet } from "./read_result_set.ts";
import type { ResultSet, Shard } from "./result_set.ts";

/** What is about to be written. */
export interface Replacement {
  /** Its study. */
  readonly study: Study;
  /** Its part of the study; absent: all cells. */
  readonly shard?: Shard | undefined;
}

/**
 * Checks that writing a result set to `path` replaces nothing but a result set
 * of the same study, and a whole one only by a whole one.
 *
 * @throws {UsageError} If the file there is anything else.
 */
export async function requireReplaceable(
  path: string,
  { study, shard }: Replacement,
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
  const part = old.shard && `${old.shard.index} of ${old.shard.count}`;
  const own = shard && `${shard.index} of ${shard.count}`;
  if (own !== undefined && own !== part) {
    return refuse(
      part === undefined
        ? "the result set of the whole study"
        : `shard ${part} of the study`,
    );
  }
}
