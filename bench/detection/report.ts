/**
 * Measures the search for duplicates on all 60,000 images of CIFAR-10 and
 * prints it as Markdown: what it finds in the original set, which upper bound on
 * false positives that gives, and what it finds of planted duplicates. Needs
 * `--allow-ffi` for the JPEG encoder.
 *
 * @module
 */
import { openStream, permutation } from "../../src/core/stream.ts";
import type { LabelledImages } from "../../src/data/dataset.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { selectRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { changeImages } from "../../src/data/pixel_change.ts";
import { firstOfEach } from "../../src/detection/search/exact_duplicates.ts";
import {
  findNearPairs,
  type NearPair,
} from "../../src/detection/search/near_duplicates.ts";
import { nearKindNames } from "../../src/spec/axes/copies.ts";
import { planNearCopies } from "../../src/duplication/plan_near_copies.ts";

/** Planted duplicates of each kind. */
const PLANTED = 1000;

/** Brightness of copies whose colours are cut off, in percent. */
const BRIGHTER = [110, 125, 150];

/** Shares of an image's bytes that are cut off: from, and below. */
const CUT_OFF = [[0, 0.1], [0.1, 0.4], [0.4, Infinity]] as const;

if (import.meta.main) {
  const { shape, train, test } = await loadDataset("cifar10");
  const originals = joinImages([train, test]);
  const { rows } = originals;
  const comparisons = rows * (rows - 1) / 2;
  const search = async (images: LabelledImages, mirrored: boolean) => {
    const started = performance.now();
    const pairs = await findNearPairs(images, shape, { mirrored });
    return { pairs, seconds: (performance.now() - started) / 1000 };
  };

  console.log(`### The original ${rows} images\n`);
  const equal = firstOfEach(originals).filter((first, row) => first !== row);
  console.log(`- exact pairs: ${equal.length}`);
  const natural = new Map<boolean, Set<string>>();
  for (const mirrored of [false, true]) {
    const { pairs, seconds } = await search(originals, mirrored);
    natural.set(mirrored, new Set(pairs.map(nameOf)));
    const images = new Set(pairs.flatMap((p) => [p.first, p.second])).size;
    const across = pairs.filter((p) =>
      p.first < train.rows && p.second >= train.rows
    ).length;
    console.log(
      `- near pairs${mirrored ? " with mirror images" : ""}: ${pairs.length} ` +
        `of ${comparisons} (${
          (pairs.length / comparisons).toExponential(1)
        }), ` +
        `${images} images, ${across} pairs across the splits; ` +
        `${seconds.toFixed(1)} s`,
    );
  }

  console.log(`\n### ${PLANTED} planted duplicates of each kind\n`);
  console.log("| kind | mirrored | found | recall | other new pairs |");
  console.log("| --- | --- | --- | --- | --- |");
  const sources = permutation(rows, openStream(1, "shuffle", "sources"))
    .slice(0, PLANTED);
  const exact = joinImages([originals, selectRows(originals, sources)]);
  const right = firstOfEach(exact).reduce(
    (count, first, row) =>
      count + Number(row >= rows && first === sources[row - rows]),
    0,
  );
  const found = firstOfEach(exact).filter((first, row) => first !== row).length;
  console.log(line("exact", false, right, found - right));
  for (const kind of nearKindNames) {
    for (const mirrored of kind === "flip" ? [false, true] : [false]) {
      const { pairs } = await search(
        joinImages([
          originals,
          await changeImages(originals, shape, {
            rows: sources,
            changes: planNearCopies(PLANTED, { seed: 1, kinds: [kind] }),
          }),
        ]),
        mirrored,
      );
      const isPlanted = (pair: NearPair) =>
        pair.second >= rows && pair.first === sources[pair.second - rows];
      // A copy of an image that has natural near duplicates is near these, too.
      const isNatural = ({ first, second }: NearPair) => {
        const source = (row: number) => row < rows ? row : sources[row - rows]!;
        const [a, b] = [source(first), source(second)].sort((x, y) => x - y);
        return natural.get(mirrored)!.has(`${a} ${b}`);
      };
      const hits = pairs.filter(isPlanted).length;
      const others = pairs.filter((p) => !isPlanted(p) && !isNatural(p)).length;
      console.log(line(kind, mirrored, hits, others));
    }
  }
  console.log(`\n### ${PLANTED} planted copies, brighter, colours cut off\n`);
  console.log("| times | bytes cut off | planted | found | recall |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const percent of BRIGHTER) {
    const copies = await changeImages(originals, shape, {
      rows: sources,
      changes: Array.from(sources, () => ({ kind: "brightness", percent })),
    });
    const { pairs } = await search(joinImages([originals, copies]), false);
    const found = new Set(
      pairs.filter(({ first, second }) =>
        second >= rows && first === sources[second - rows]
      ).map(({ second }) => second - rows),
    );
    const cut = Array.from(
      sources,
      (row) => shareCutOff(originals, row, percent),
    );
    for (const [from, below] of CUT_OFF) {
      const group = cut.flatMap((share, at) =>
        share >= from && share < below ? [at] : []
      );
      const hits = group.filter((at) => found.has(at)).length;
      console.log(
        `| ${percent / 100} | ${percentOf(from)} to ${
          percentOf(Math.min(below, 1))
        } | ${group.length} | ${hits} | ${(hits / group.length).toFixed(3)} |`,
      );
    }
  }
  console.log(
    `\nPeak of resident memory: ${(peakBytes() / 2 ** 20).toFixed(0)} MiB`,
  );
}

/** Share of the bytes of an image that brightness takes beyond 255. */
function shareCutOff(
  { pixels, rows }: LabelledImages,
  row: number,
  percent: number,
): number {
  const size = pixels.length / rows;
  const image = pixels.subarray(row * size, (row + 1) * size);
  return image.filter((byte) => byte * percent / 100 > 255).length / size;
}

function percentOf(share: number): string {
  return `${100 * share} %`;
}

function nameOf({ first, second }: NearPair): string {
  return `${first} ${second}`;
}

function line(
  kind: string,
  mirrored: boolean,
  hits: number,
  others: number,
): string {
  return `| ${kind} | ${mirrored ? "yes" : "no"} | ${hits} | ${
    (hits / PLANTED).toFixed(3)
  } | ${others} |`;
}

/** Linux keeps the peak; elsewhere the present use stands in for it. */
function peakBytes(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) * 1024;
  } catch {
    return Deno.memoryUsage().rss;
  }
}
