import type { PerceptualHashes } from "./perceptual_hash.ts";
import { type HashedPose, unmoved } from "./pose.ts";

/** Largest number of bits in which hashes of near duplicates differ. */
export const maxHashDistance = 7;

/** Bits of a part; 48 bits are four parts. */
const partBits = 12;
const partValues = 1 << partBits;
const parts = [0, 1, 2, 3];

/** Hash rows by the value of one part, in ascending order of rows. */
interface PartIndex {
  /** Start of the rows of each value, shape `[4096 + 1]`. */
  starts: Uint32Array;
  /** Rows, shape `[rows]`. */
  rows: Uint32Array;
  /** Hashes of these rows. */
  low: Uint32Array;
  high: Uint32Array;
}

/** Finds the unmoved hashes near a hash. */
export interface HashIndex {
  /**
   * Calls back for every row below `end` (default: below `row`) whose unmoved
   * hash is within `maxHashDistance` bits of that of `row` in the pose, each once.
   */
  forEachNear(
    row: number,
    pose: HashedPose,
    found: (other: number) => void,
    end?: number,
  ): void;
  /**
   * The same for many rows at once, in no order: calls back for every row below
   * each. Rows with equal parts are compared with the same hashes one after
   * another, while these are in the processor's cache.
   */
  forEachNearBlock(
    block: RowBlock,
    pose: HashedPose,
    found: (row: number, other: number) => void,
  ): void;
}

/** Rows from `from` on, below `to`. */
export interface RowBlock {
  readonly from: number;
  readonly to: number;
}

/**
 * Indexes hashes for a search by their parts (multi-index hashing: Norouzi,
 * Punjani and Fleet 2012, arXiv:1307.2982, sec. 2): of two hashes at most 7 bits
 * apart, one of four parts is at most 1 bit apart, so that 13 look-ups per part
 * find every one.
 */
export function indexHashes(hashes: PerceptualHashes): HashIndex {
  const { low, high, rows } = hashes;
  const positions = low.length / Math.max(1, rows);
  const indexes = parts.map((part) => indexPart(hashes, part));
  return {
    forEachNear(row, pose, found, end = row) {
      const at = row * positions + pose.position;
      const first = low[at]! ^ pose.low;
      const second = high[at]! ^ pose.high;
      for (const part of parts) {
        const index = indexes[part]!;
        const value = partOf(first, second, part);
        for (let flip = 0; flip <= partBits; flip++) {
          const bucket = flip === 0 ? value : value ^ (1 << (flip - 1));
          const begin = index.starts[bucket]!;
          compareHashes(index, {
            low: first,
            high: second,
            first: begin,
            last: lowerBound(index.rows, begin, index.starts[bucket + 1]!, end),
            part,
            row,
            found: (_, other) => found(other),
          });
        }
      }
    },
    forEachNearBlock(block, pose, found) {
      for (const part of parts) {
        joinPart(hashes, { index: indexes[part]!, part, block, pose, found });
      }
    },
  };
}

/** Compares a block of rows with the hashes that are near in one part. */
function joinPart(
  { low, high, rows }: PerceptualHashes,
  { index, part, block: { from, to }, pose, found }: {
    index: PartIndex;
    part: number;
    block: RowBlock;
    pose: HashedPose;
    found: (row: number, other: number) => void;
  },
): void {
  const positions = low.length / Math.max(1, rows);
  const at = (row: number) => row * positions + pose.position;
  const valueOf = (row: number) =>
    partOf(low[at(row)]! ^ pose.low, high[at(row)]! ^ pose.high, part);
  const { starts, order } = sortByValue({ from, to }, valueOf);
  for (let value = 0; value < partValues; value++) {
    const [begin, end] = [starts[value]!, starts[value + 1]!];
    if (begin === end) continue;
    for (let flip = 0; flip <= partBits; flip++) {
      const bucket = flip === 0 ? value : value ^ (1 << (flip - 1));
      const first = index.starts[bucket]!;
      const next = index.starts[bucket + 1]!;
      // Of the hashes there, in the order of their rows, only those before the
      // block are below each of its rows.
      const sure = lowerBound(index.rows, first, next, from);
      const last = lowerBound(index.rows, sure, next, to);
      for (let i = begin; i < end; i++) {
        const row = order[i]!;
        compareHashes(index, {
          low: low[at(row)]! ^ pose.low,
          high: high[at(row)]! ^ pose.high,
          first,
          last: lowerBound(index.rows, sure, last, row),
          part,
          row,
          found,
        });
      }
    }
  }
}

/** Calls back for the hashes of a bucket that are near, in no earlier part. */
function compareHashes(
  index: PartIndex,
  { low, high, first, last, part, row, found }: {
    low: number;
    high: number;
    first: number;
    last: number;
    part: number;
    row: number;
    found: (row: number, other: number) => void;
  },
): void {
  const { low: lows, high: highs, rows } = index;
  // Most are refused by the word of which no part is known to be near.
  const [farWords, nearWords, far, near] = part < 2
    ? [highs, lows, high, low]
    : [lows, highs, low, high];
  for (let i = first; i < last; i++) {
    const bits = bitCount(far ^ farWords[i]!);
    if (bits > maxHashDistance) continue;
    if (bits + bitCount(near ^ nearWords[i]!) > maxHashDistance) continue;
    if (!isNearBefore(low ^ lows[i]!, high ^ highs[i]!, part)) {
      found(row, rows[i]!);
    }
  }
}

/** The rows of a block in the order of their values, and where each begins. */
function sortByValue(
  { from, to }: RowBlock,
  valueOf: (row: number) => number,
): { starts: Uint32Array; order: Uint32Array } {
  const starts = new Uint32Array(partValues + 1);
  for (let row = from; row < to; row++) starts[valueOf(row) + 1]!++;
  for (let value = 0; value < partValues; value++) {
    starts[value + 1]! += starts[value]!;
  }
  const next = starts.slice();
  const order = new Uint32Array(to - from);
  for (let row = from; row < to; row++) order[next[valueOf(row)]!++] = row;
  return { starts, order };
}

/** The first place from `low` on, below `high`, whose value is `limit` or more. */
function lowerBound(
  values: Uint32Array,
  low: number,
  high: number,
  limit: number,
): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether an earlier part is at most 1 bit apart, so that it was found there. */
function isNearBefore(low: number, high: number, part: number): boolean {
  for (let before = 0; before < part; before++) {
    if (bitCount(partOf(low, high, before)) <= 1) return true;
  }
  return false;
}

function indexPart(
  { low, high, rows }: PerceptualHashes,
  part: number,
): PartIndex {
  const positions = low.length / Math.max(1, rows);
  const valueOf = (row: number) => {
    const at = row * positions + unmoved;
    return partOf(low[at]!, high[at]!, part);
  };
  const { starts, order } = sortByValue({ from: 0, to: rows }, valueOf);
  const at = (row: number) => row * positions + unmoved;
  return {
    starts,
    rows: order,
    low: order.map((row) => low[at(row)]!),
    high: order.map((row) => high[at(row)]!),
  };
}

function partOf(low: number, high: number, part: number): number {
  const word = part < 2 ? low : high;
  return (word >>> (part % 2 * partBits)) & (partValues - 1);
}

/** Bits set in a word of 32, summed in pairs, fours and bytes. */
export function bitCount(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
