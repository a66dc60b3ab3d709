/**
 * Measures the search among perceptual hashes alone, without images: random
 * hashes, and planted ones at 0 to 7 bits from another. Prints Markdown: the time,
 * the memory, and how many planted hashes are found. The argument is the number of
 * images; default a million.
 *
 * @module
 */
import process from "node:process";
import { openStream } from "../../src/core/stream.ts";
import {
  indexHashes,
  maxHashDistance,
} from "../../src/detection/search/hash_index.ts";
import {
  type PerceptualHashes,
  positions,
} from "../../src/detection/search/perceptual_hash.ts";
import { listPoses, unmoved } from "../../src/detection/search/pose.ts";

/** Planted hashes, as many at each distance. */
const PLANTED = 8000;

/** Rows that are searched together, as `findNearPairs` does. */
const BLOCK_ROWS = 2 ** 14;

/** Images that are searched in all poses, as an example of the whole. */
const SAMPLE = BLOCK_ROWS;

/** Random hashes, of which the last are planted copies of the first. */
function makeHashes(rows: number): PerceptualHashes {
  const stream = openStream(1, "shuffle", "hashes");
  const word = () => Math.floor(stream.uniform() * 2 ** 24);
  const low = Uint32Array.from({ length: rows * positions }, word);
  const high = Uint32Array.from({ length: rows * positions }, word);
  for (let i = 0; i < PLANTED; i++) {
    const from = i * positions + unmoved;
    const to = (rows - PLANTED + i) * positions + unmoved;
    [low[to], high[to]] = [low[from]!, high[from]!];
    // So many different bits, spread over the hash.
    const distance = i % (maxHashDistance + 1);
    for (let k = 0; k < distance; k++) {
      const bit = (i + k * 7) % 48;
      if (bit < 24) low[to]! ^= 1 << bit;
      else high[to]! ^= 1 << (bit - 24);
    }
  }
  return { low, high, rows };
}

/** Seconds of processor time, which other programs do not change much. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) {
  const rows = Number(Deno.args[0] ?? 1_000_000);
  const hashes = makeHashes(rows);
  const poses = listPoses(false);
  const centre = poses.filter(({ position }) => position === unmoved);
  let [began, started] = [processorSeconds(), performance.now()];
  const lap = () => {
    const [cpu, now] = [processorSeconds(), performance.now()];
    const text = `${(cpu - began).toFixed(1)} s of processor time (${
      ((now - started) / 1000).toFixed(1)
    } s by the clock)`;
    [began, started] = [cpu, now];
    return text;
  };
  const index = indexHashes(hashes);
  console.log(`- index of ${rows} images: ${lap()}`);
  let [pairs, hits] = [0, 0];
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(rows, from + BLOCK_ROWS);
    for (const pose of centre) {
      index.forEachNearBlock({ from, to }, pose, (row, other) => {
        pairs++;
        if (other === row - (rows - PLANTED)) hits++;
      });
    }
  }
  console.log(`- every hash against all before it: ${lap()}; ${pairs} pairs`);
  console.log(`- planted at 0 to 7 bits: ${hits} of ${PLANTED} found`);
  let moved = 0;
  const from = Math.max(0, Math.floor(rows * Math.SQRT1_2) - SAMPLE);
  const to = Math.min(rows, from + SAMPLE);
  for (const pose of poses) {
    index.forEachNearBlock({ from, to }, pose, () => moved++);
  }
  console.log(
    `- ${
      to - from
    } of the images in ${poses.length} poses: ${lap()}; ${moved} pairs`,
  );
  const { rss } = Deno.memoryUsage();
  console.log(`- memory: ${(rss / 2 ** 20).toFixed(0)} MiB`);
}
