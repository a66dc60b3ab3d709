/**
 * Measures the search by features next to that by hashes, as Markdown: copies of
 * several kinds are planted among training images of CIFAR-10, and counted are
 * those that are found, and pairs that are neither of one photograph nor found
 * among the originals. The argument is the number of originals; default 10,000.
 * Needs `--allow-ffi` for the JPEG encoder.
 *
 * @module
 */
import process from "node:process";
import { openStream, permutation, type Stream } from "../../src/core/stream.ts";
import type { RgbImage } from "../../src/data/decode_image.ts";
import { joinImages } from "../../src/data/join_images.ts";
import { selectRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { changePixels } from "../../src/data/pixel_change.ts";
import { resizeArea } from "../../src/data/resize_area.ts";
import { findFeaturePairs } from "../../src/detection/search/feature_pairs.ts";
import {
  findNearPairs,
  type NearPair,
} from "../../src/detection/search/near_duplicates.ts";

/** Copies of each kind. */
const PLANTED = 300;

const SIDE = 32;
const size = SIDE * SIDE * 3;
const square = { height: SIDE, width: SIDE };

const imageOf = (pixels: Uint8Array): RgbImage => ({ ...square, pixels });

/** Part of an image, enlarged bilinearly, as area averaging would make blocks. */
function part(
  pixels: Uint8Array,
  { top, left, height, width }: {
    top: number;
    left: number;
    height: number;
    width: number;
  },
): Uint8Array {
  const out = new Uint8Array(size);
  const place = (at: number, from: number, length: number) => {
    const exact = Math.min(
      SIDE - 1,
      Math.max(0, from + (at + 0.5) * length / SIDE - 0.5),
    );
    const first = Math.min(SIDE - 2, Math.floor(exact));
    return [first, exact - first] as const;
  };
  for (let y = 0; y < SIDE; y++) {
    const [fromY, v] = place(y, top, height);
    for (let x = 0; x < SIDE; x++) {
      const [fromX, u] = place(x, left, width);
      for (let c = 0; c < 3; c++) {
        const at = (fromY * SIDE + fromX) * 3 + c;
        const above = pixels[at]! * (1 - u) + pixels[at + 3]! * u;
        const below = pixels[at + SIDE * 3]! * (1 - u) +
          pixels[at + SIDE * 3 + 3]! * u;
        out[(y * SIDE + x) * 3 + c] = Math.round(above * (1 - v) + below * v);
      }
    }
  }
  return out;
}

function crop(pixels: Uint8Array, share: number, stream: Stream): Uint8Array {
  const side = SIDE * share;
  const [top, left] = [stream.uniform(), stream.uniform()]
    .map((at) => at * (SIDE - side)) as [number, number];
  return part(pixels, { top, left, height: side, width: side });
}

/** Every value by a function of it and of the grey value of its pixel. */
function recolour(
  pixels: Uint8Array,
  change: (value: number, grey: number) => number,
): Uint8Array {
  return Uint8Array.from(pixels, (value, i) => {
    const from = i - i % 3;
    const grey = (pixels[from]! + pixels[from + 1]! + pixels[from + 2]!) / 3;
    return Math.max(0, Math.min(255, Math.round(change(value, grey))));
  });
}

function contrast(pixels: Uint8Array, stream: Stream): Uint8Array {
  const gain = 0.4 + 0.4 * stream.uniform();
  const offset = 80 * (stream.uniform() - 0.5);
  return recolour(pixels, (value) => (value - 128) * gain + 128 + offset);
}

const flip = (pixels: Uint8Array) =>
  changePixels(pixels, [SIDE, SIDE, 3], { kind: "flip" });

const reencode = (pixels: Uint8Array, quality: number) =>
  changePixels(pixels, [SIDE, SIDE, 3], { kind: "jpeg", quality });

type Change = (
  pixels: Uint8Array,
  stream: Stream,
) => Uint8Array | Promise<Uint8Array>;

/** How copies are made, by kind. */
const kinds: Readonly<Record<string, Change>> = {
  "crop to .875 of each side": (pixels, stream) => crop(pixels, 0.875, stream),
  "crop to .75": (pixels, stream) => crop(pixels, 0.75, stream),
  "crop to .65": (pixels, stream) => crop(pixels, 0.65, stream),
  "mirrored, crop to .8": async (pixels, stream) =>
    crop(await flip(pixels), 0.8, stream),
  "shift by up to 5, border repeated": (pixels, stream) => {
    const [top, left] = [0, 0].map(() => Math.round(10 * stream.uniform()) - 5);
    return part(pixels, {
      top: top!,
      left: left!,
      height: SIDE,
      width: SIDE,
    });
  },
  "width to .8": (pixels, stream) =>
    part(pixels, {
      top: 0,
      left: stream.uniform() * SIDE * 0.2,
      height: SIDE,
      width: SIDE * 0.8,
    }),
  "contrast by .4 to .8, brightness by up to 40": contrast,
  "grey": (pixels) => recolour(pixels, (_, grey) => grey),
  "saturation by 1.8": (pixels) =>
    recolour(pixels, (value, grey) => grey + 1.8 * (value - grey)),
  "JPEG of quality 20": (pixels) => reencode(pixels, 20),
  "half the size and back": (pixels) => {
    const half = resizeArea(imageOf(pixels), { height: 16, width: 16 });
    const doubled = new Uint8Array(size);
    for (let i = 0; i < size / 3; i++) {
      const [y, x] = [Math.floor(i / SIDE), i % SIDE];
      const from = ((y >> 1) * 16 + (x >> 1)) * 3;
      doubled.set(half.subarray(from, from + 3), i * 3);
    }
    return doubled;
  },
  "crop to .85, contrast, JPEG of quality 50": async (pixels, stream) =>
    await reencode(contrast(crop(pixels, 0.85, stream), stream), 50),
};

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 10_000);
  const { train } = await loadDataset("cifar10");
  const originals = selectRows(
    train,
    Uint32Array.from({ length: count }, (_, row) => row),
  );
  const names = Object.keys(kinds);
  const copies = new Uint8Array(names.length * PLANTED * size);
  const sources: number[] = [];
  for (const [k, name] of names.entries()) {
    const stream = openStream(1, "shuffle", name);
    const rows = permutation(count, stream).subarray(0, PLANTED);
    for (const [i, row] of rows.entries()) {
      const pixels = originals.pixels.subarray(row * size, (row + 1) * size);
      copies.set(
        await kinds[name]!(pixels, stream),
        (k * PLANTED + i) * size,
      );
      sources.push(row);
    }
  }
  const rows = sources.length;
  const all = joinImages([
    originals,
    { pixels: copies, labels: new Uint8Array(rows), rows },
  ]);
  const sourceOf = (row: number) => row < count ? row : sources[row - count]!;
  const nameOf = (a: number, b: number) =>
    `${Math.min(a, b)} ${Math.max(a, b)}`;
  for (
    const [title, find] of [["hashes", findNearPairs], [
      "features",
      findFeaturePairs,
    ]] as const
  ) {
    const began = process.cpuUsage();
    const pairs: readonly NearPair[] = await find(all, [SIDE, SIDE, 3], {
      mirrored: true,
    });
    const { user, system } = process.cpuUsage(began);
    const natural = new Set(
      pairs.filter(({ second }) => second < count)
        .map(({ first, second }) => nameOf(first, second)),
    );
    const isOfOne = ({ first, second }: NearPair) =>
      sourceOf(first) === sourceOf(second);
    const others = pairs.filter((pair) =>
      pair.second >= count && !isOfOne(pair) &&
      !natural.has(nameOf(sourceOf(pair.first), sourceOf(pair.second)))
    );
    console.log(
      `\n### By ${title}, mirror images too\n\n- ${all.rows} images: ${
        ((user + system) / 1e6).toFixed(1)
      } s of processor time\n- pairs among the originals: ${natural.size}\n- pairs of a copy and another photograph, of which the originals are no such pair: ${others.length}\n`,
    );
    console.log("| kind | found | recall |\n| --- | --- | --- |");
    for (const [k, name] of names.entries()) {
      const found = pairs.filter((pair) =>
        isOfOne(pair) && pair.first < count &&
        Math.floor((pair.second - count) / PLANTED) === k
      ).length;
      console.log(`| ${name} | ${found} | ${(found / PLANTED).toFixed(3)} |`);
    }
    if (Deno.args[1] !== undefined) {
      Deno.writeTextFileSync(
        `${Deno.args[1]}-${title}.json`,
        JSON.stringify(pairs.filter(({ second }) => second < count)),
      );
    }
  }
}
