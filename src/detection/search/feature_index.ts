import { openStream, permutation } from "../../core/stream.ts";

/** Finds vectors whose cosine with another is large. */
export interface FeatureIndex {
  /**
   * Calls back for vectors of a cosine of at least `least` with a query, most of
   * them: those in the lists whose centres are nearest to it.
   */
  forEachNear(
    query: Float32Array,
    least: number,
    found: (row: number, cosine: number) => void,
  ): void;
}

/** Lists that are searched for a query. */
const PROBED = 8;

/** Vectors per list on which the centres are computed, and how often. */
const SAMPLE = 32;
const ROUNDS = 5;

/**
 * Sorts unit vectors into lists about centres (spherical k-means, seeded), of
 * which a query searches the nearest 8: an inverted file (Jegou, Douze and Schmid
 * 2011, "Product Quantization for Nearest Neighbor Search", sec. 4), without
 * quantization.
 *
 * @param vectors Unit vectors, shape `[rows, size]`.
 * @param isIndexed Whether each row is to be found.
 */
export function indexFeatures(
  vectors: Float32Array,
  size: number,
  isIndexed: Uint8Array,
): FeatureIndex {
  const rows = Uint32Array.from(isIndexed.keys())
    .filter((row) => isIndexed[row]);
  const lists = Math.max(
    1,
    Math.min(512, Math.round(2 * Math.sqrt(rows.length))),
  );
  const centres = findCentres(vectors, size, rows, lists);
  const cosines = new Float64Array(lists);
  const nearest = new Int32Array(PROBED);

  /** The nearest centres, in `nearest`; -1 where there are fewer. */
  const probe = (query: Float32Array, from: number, count: number) => {
    for (let list = 0; list < lists; list++) {
      cosines[list] = dot(centres, list * size, query, from, size);
    }
    nearest.fill(-1);
    for (let list = 0; list < lists; list++) {
      let at = count;
      while (
        at > 0 &&
        (nearest[at - 1]! < 0 || cosines[nearest[at - 1]!]! < cosines[list]!)
      ) at--;
      if (at === count) continue;
      nearest.copyWithin(at + 1, at, count - 1);
      nearest[at] = list;
    }
  };
  const listOf = new Uint32Array(rows.length);
  const starts = new Uint32Array(lists + 1);
  rows.forEach((row, i) => {
    probe(vectors, row * size, 1);
    listOf[i] = nearest[0]!;
    starts[nearest[0]! + 1]!++;
  });
  for (let list = 0; list < lists; list++) starts[list + 1]! += starts[list]!;
  const next = starts.slice();
  const sorted = new Float32Array(rows.length * size);
  const rowAt = new Uint32Array(rows.length);
  rows.forEach((row, i) => {
    const at = next[listOf[i]!]!++;
    rowAt[at] = row;
    sorted.set(vectors.subarray(row * size, (row + 1) * size), at * size);
  });
  return {
    forEachNear(query, least, found) {
      probe(query, 0, PROBED);
      for (const list of nearest) {
        if (list < 0) break;
        for (let at = starts[list]!; at < starts[list + 1]!; at++) {
          const cosine = dot(sorted, at * size, query, 0, size);
          if (cosine >= least) found(rowAt[at]!, cosine);
        }
      }
    },
  };
}

function findCentres(
  vectors: Float32Array,
  size: number,
  rows: Uint32Array,
  lists: number,
): Float32Array {
  const order = permutation(rows.length, openStream(1, "shuffle", "centres"));
  const sample = order.subarray(0, lists * SAMPLE);
  const centres = new Float32Array(lists * size);
  for (let list = 0; list < Math.min(lists, sample.length); list++) {
    const from = rows[sample[list]!]! * size;
    centres.set(vectors.subarray(from, from + size), list * size);
  }
  const sums = new Float64Array(lists * size);
  for (let round = 0; round < ROUNDS; round++) {
    sums.fill(0);
    for (const i of sample) {
      const from = rows[i]! * size;
      let [best, most] = [0, -Infinity];
      for (let list = 0; list < lists; list++) {
        const cosine = dot(centres, list * size, vectors, from, size);
        if (cosine > most) [best, most] = [list, cosine];
      }
      for (let k = 0; k < size; k++) {
        sums[best * size + k]! += vectors[from + k]!;
      }
    }
    for (let list = 0; list < lists; list++) {
      let norm = 0;
      for (let k = 0; k < size; k++) norm += sums[list * size + k]! ** 2;
      // An empty list keeps its centre.
      if (norm === 0) continue;
      for (let k = 0; k < size; k++) {
        centres[list * size + k] = sums[list * size + k]! / Math.sqrt(norm);
      }
    }
  }
  return centres;
}

function dot(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  size: number,
): number {
  let [first, second, third] = [0, 0, 0];
  let k = 0;
  for (; k + 2 < size; k += 3) {
    first += a[i + k]! * b[j + k]!;
    second += a[i + k + 1]! * b[j + k + 1]!;
    third += a[i + k + 2]! * b[j + k + 2]!;
  }
  for (; k < size; k++) first += a[i + k]! * b[j + k]!;
  return first + second + third;
}
