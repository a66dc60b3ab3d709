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
          const last = index.starts[bucket + 1]!;
          for (let i = index.starts[bucket]!; i < last; i++) {
            if (index.rows[i]! >= end) break;
            const a = first ^ index.low[i]!;
            const b = second ^ index.high[i]!;
            if (
              bitCount(a) + bitCount(b) <= maxHashDistance &&
              !isNearBefore(a, b, part)
            ) found(index.rows[i]!);
          }
        }
      }
    },
  };
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
  const starts = new Uint32Array(partValues + 1);
  for (let row = 0; row < rows; row++) starts[valueOf(row) + 1]!++;
  for (let value = 0; value < partValues; value++) {
    starts[value + 1]! += starts[value]!;
  }
  const index: PartIndex = {
    starts,
    rows: new Uint32Array(rows),
    low: new Uint32Array(rows),
    high: new Uint32Array(rows),
  };
  const next = starts.slice();
  for (let row = 0; row < rows; row++) {
    const to = next[valueOf(row)]!++;
    const from = row * positions + unmoved;
    index.rows[to] = row;
    index.low[to] = low[from]!;
    index.high[to] = high[from]!;
  }
  return index;
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
