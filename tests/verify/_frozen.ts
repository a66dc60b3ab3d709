import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { packageVersions, version } from "../../src/results/versions.ts";
import { fromFileUrl } from "../sweep/paths.ts";

/**
 * A result set of four cells as `sweep` wrote it when version 1 was current; its
 * own `provenance` names commit and command. It is never written again.
 */
export const frozenPath: string = fromFileUrl(
  new URL("../../fixtures/result-set-1.json", import.meta.url),
);

/**
 * The study `quick` as version 0.2.0 recorded it, before its batches were full:
 * 20 cells. It is never written again, either.
 */
export const frozenQuickPath: string = fromFileUrl(
  new URL("../../fixtures/quick-0.2.0.json", import.meta.url),
);

const recorded = await readResultSet(frozenPath);

/**
 * A copy of it, changed, and else as if recorded today: versions that drift apart
 * from the frozen ones would add their notes.
 */
export function edited(
  edit: (set: ResultSet) => void = () => {},
): ResultSet {
  const set = structuredClone(recorded);
  Object.assign(set.provenance, {
    dupbench: version,
    deno: Deno.version.deno,
    packages: packageVersions(),
  });
  edit(set);
  return set;
}

/** The same, with the digest of what it then holds, as a forger would. */
export function forged(edit: (set: ResultSet) => void): ResultSet {
  const set = edited(edit);
  return { ...set, digest: digestResultSet(set) };
}

/** One of its cells, all of which finished. */
export function cellOf({ cells }: ResultSet, at = 0): FinishedCell {
  const cell = cells[at];
  if (cell?.status !== "finished") throw new Error(`cell ${at} must finish`);
  return cell;
}

/** What its cells came to in testing, which all did. */
export function testOf(set: ResultSet, at = 0) {
  const { test } = cellOf(set, at).outcome;
  if (test === null) throw new Error(`cell ${at} must be tested`);
  return test;
}

/** Turns the verdict on one image, in the bits of any score. */
export function flipBit(bits: string, image: number): string {
  const at = image >> 2;
  const digit = Number.parseInt(bits[at]!, 16) ^ (8 >> (image & 3));
  return bits.slice(0, at) + digit.toString(16) + bits.slice(at + 1);
}
