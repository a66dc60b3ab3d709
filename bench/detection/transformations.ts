/**
 * Measures which transformations the search for duplicates finds, as Markdown: the
 * five that imagededup publishes figures for (its user guide, "Benchmarks",
 * transformed dataset), with groups of an original and its five copies. Its
 * photographs are not here: the originals are images of `cifar10-mini`, enlarged to
 * 256x256 before they are changed. The argument is the number of groups; default
 * 1,800, as there.
 *
 * @module
 */
import { openStream, type Stream } from "../../src/core/stream.ts";
import { loadCifar10Mini } from "../../src/data/cifar10_mini.ts";
import type { RgbImage } from "../../src/data/decode_image.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { resizeArea } from "../../src/data/resize_area.ts";
import { findFeaturePairs } from "../../src/detection/search/feature_pairs.ts";
import {
  findNearPairs,
  type NearPair,
} from "../../src/detection/search/near_duplicates.ts";

/** Sides of an original and of a searched image. */
const SIDE = 256;
const SEARCHED = 32;

/** Where a pixel of a copy is in the original; `undefined`: nowhere. */
type Place = (y: number, x: number) => readonly [number, number] | undefined;

/** A copy of an image of other sides, by nearest neighbours. */
function move(image: RgbImage, width: number, place: Place): RgbImage {
  const height = SIDE;
  const pixels = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromY, fromX] = place(y, x) ?? [-1, -1];
      if (fromY < 0 || fromX < 0 || fromY >= SIDE || fromX >= SIDE) continue;
      const from = (Math.floor(fromY) * SIDE + Math.floor(fromX)) * 3;
      pixels.set(
        image.pixels.subarray(from, from + 3),
        (y * width + x) * 3,
      );
    }
  }
  return { height, width, pixels };
}

const angle = 25 * Math.PI / 180;
const middle = (SIDE - 1) / 2;

/** The copies, by kind: sides of a crop are 7/8, as 560x420 of 640x480. */
const makers: Readonly<
  Record<string, (image: RgbImage, stream: Stream) => Uint8Array>
> = {
  "crop to 7/8": (image, stream) =>
    resizeArea(image, { height: SEARCHED, width: SEARCHED }, {
      top: Math.floor(stream.uniform() * (SIDE / 8 + 1)),
      left: Math.floor(stream.uniform() * (SIDE / 8 + 1)),
      height: SIDE * 7 / 8,
      width: SIDE * 7 / 8,
    }),
  "horizontal flip": (image) =>
    shrink(move(image, SIDE, (y, x) => [y, SIDE - 1 - x])),
  "vertical flip": (image) =>
    shrink(move(image, SIDE, (y, x) => [SIDE - 1 - y, x])),
  "rotation by 25 degrees": (image) =>
    shrink(move(image, SIDE, (y, x) => {
      const [dy, dx] = [y - middle, x - middle];
      return [
        middle + Math.cos(angle) * dy - Math.sin(angle) * dx,
        middle + Math.sin(angle) * dy + Math.cos(angle) * dx,
      ].map(Math.round) as [number, number];
    })),
  "another aspect ratio": (image) => {
    const width = SIDE * 3 / 4;
    return shrink(
      move(image, width, (y, x) => [y, (x + 0.5) * SIDE / width]),
    );
  },
};

const shrink = (image: RgbImage) =>
  resizeArea(image, { height: SEARCHED, width: SEARCHED });

if (import.meta.main) {
  const groups = Number(Deno.args[0] ?? 1800);
  const { train, test } = await loadCifar10Mini();
  const { pixels } = joinImages([train, test]);
  const stream = openStream(1, "shuffle", "transformations");
  const kinds = Object.keys(makers);
  const size = kinds.length + 1;
  const imageBytes = SEARCHED * SEARCHED * 3;
  const rows = groups * size;
  const all = new Uint8Array(rows * imageBytes);
  for (let group = 0; group < groups; group++) {
    const from = group * imageBytes;
    const original = move(
      { height: SIDE, width: SIDE, pixels: new Uint8Array(0) },
      SIDE,
      () => undefined,
    );
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const at = from + ((y >> 3) * SEARCHED + (x >> 3)) * 3;
        original.pixels.set(
          pixels.subarray(at, at + 3),
          (y * SIDE + x) * 3,
        );
      }
    }
    const copies = [
      shrink(original),
      ...kinds.map((kind) => makers[kind]!(original, stream)),
    ];
    copies.forEach((copy, i) => all.set(copy, (group * size + i) * imageBytes));
  }
  const pairsOfGroups = groups * size * (size - 1) / 2;
  const searches = [
    ["hashes", findNearPairs, false],
    ["hashes", findNearPairs, true],
    ["features", findFeaturePairs, true],
  ] as const;
  for (const [name, find, mirrored] of searches) {
    const pairs: readonly NearPair[] = await find(
      { pixels: all, rows },
      [SEARCHED, SEARCHED, 3],
      { mirrored },
    );
    const groupOf = (row: number) => Math.floor(row / size);
    const right = pairs.filter(({ first, second }) =>
      groupOf(first) === groupOf(second)
    );
    console.log(
      `\n${rows} images by ${name}${
        mirrored ? ", with mirror images" : ""
      }: class-1 recall ${
        (right.length / pairsOfGroups).toFixed(3)
      } (${right.length} of ${pairsOfGroups} pairs), class-1 precision ${
        (right.length / Math.max(1, pairs.length)).toFixed(4)
      } (${pairs.length - right.length} other pairs)\n`,
    );
    console.log("| kind | original found |\n| --- | --- |");
    kinds.forEach((kind, i) => {
      const found = right.filter(({ first, second }) =>
        first % size === 0 && second % size === i + 1
      ).length;
      console.log(`| ${kind} | ${(100 * found / groups).toFixed(1)} % |`);
    });
  }
}
