import {
  areaCells,
  type WorkingImages,
  workingSide,
} from "./working_images.ts";

/** A square part of an image, in shares of its side. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

/** The window of an image with which those of others are compared. */
export const baseWindow: Window = { top: 0.09, left: 0.09, side: 0.82 };

/** Sides of the windows that are compared with base windows. */
const sides = [0.82, 0.72, 0.62] as const;

/** Largest distance of such windows, as a share of the image's side. */
const STEP = 3 / 32;

/**
 * The windows of an image that may show what the base window of another does: as
 * large or smaller, in steps of 3 of 32 pixels. Where one image shows more than
 * another, a window of the one has what the base window of the other has.
 */
export const windows: readonly Window[] = sides.flatMap((side) => {
  const slack = 1 - side;
  const steps = Math.round(slack / STEP);
  const places = Array.from(
    { length: steps + 1 },
    (_, i) => slack * i / steps,
  );
  return places.flatMap((top) => places.map((left) => ({ top, left, side })));
});

/** Cells per side that are averaged. */
const CELLS = 8;

/** Highest sum of two frequencies that is taken. */
const HIGHEST = 6;

/** Vertical and horizontal frequency of each feature. */
const frequencies: readonly (readonly [number, number])[] = Array.from(
  { length: CELLS * CELLS },
  (_, i) => [Math.floor(i / CELLS), i % CELLS] as const,
).filter(([v, h]) => v + h > 0 && v + h <= HIGHEST);

/** Number of features of a window. */
export const featureCount: number = frequencies.length;

/** Cosines in thousandths, so that every machine computes the same. */
const cosines = Array.from(
  { length: CELLS },
  (_, k) =>
    Array.from(
      { length: CELLS },
      (_, i) =>
        Math.round(1000 * Math.cos(Math.PI * k * (i + 0.5) / CELLS)) / 1000,
    ),
);

/** What computes features of windows of images. */
export interface WindowFeatures {
  /**
   * Writes the features of a window: the cosine transform (DCT-II) of the grey
   * means of 8 x 8 cells, but for the constant and the highest terms, each
   * relative to its spread over all images, and all divided by their norm. The
   * scalar product of two such vectors is their cosine.
   *
   * @param to Array of `featureCount` numbers from `at` on.
   * @returns Whether the window has a contrast: a plain one has no features.
   */
  write(
    row: number,
    window: { index: number; mirrored: boolean },
    to: Float32Array,
    at: number,
  ): boolean;
  /** The same of the base window. */
  writeBase(row: number, to: Float32Array, at: number): boolean;
}

/** Least standard deviation of the grey means of a window, of 255. */
const LEAST_CONTRAST = 1;

/** Measures how much each feature varies, and gives what computes them. */
export function openWindowFeatures(images: WorkingImages): WindowFeatures {
  const bases = mapOf(baseWindow);
  const maps = windows.map(mapOf);
  const raw = new Float64Array(featureCount);
  let known: { row: number; map: WindowMap | undefined } = {
    row: -1,
    map: undefined,
  };
  const cells = new Float64Array(CELLS * workingSide);
  const scale = new Float64Array(featureCount).fill(1);
  const squares = new Float64Array(featureCount);
  for (let row = 0; row < images.rows; row++) {
    transform(row, bases);
    for (let i = 0; i < featureCount; i++) squares[i]! += raw[i]! ** 2;
  }
  for (let i = 0; i < featureCount; i++) {
    scale[i] = 1 / Math.sqrt(squares[i]! / Math.max(1, images.rows) + 1e-9);
  }
  return {
    write: (row, { index, mirrored }, to, at) =>
      write(row, maps[index]!, mirrored, to, at),
    writeBase: (row, to, at) => write(row, bases, false, to, at),
  };

  /** Computes the transform of a window into `raw`, if it is not there. */
  function transform(row: number, map: WindowMap): void {
    if (known.row === row && known.map === map) return;
    known = { row, map };
    const { down, across } = map;
    const { grey } = images;
    const start = row * workingSide * workingSide;
    // Horizontally first, for the lines that the window covers.
    const { first, last } = down;
    for (let y = first; y < last; y++) {
      for (let h = 0; h <= HIGHEST; h++) {
        const weights = across.weights[h]!;
        let sum = 0;
        for (let x = across.first; x < across.last; x++) {
          sum += weights[x]! * grey[start + y * workingSide + x]!;
        }
        cells[h * workingSide + y] = sum;
      }
    }
    for (let i = 0; i < featureCount; i++) {
      const [v, h] = frequencies[i]!;
      const weights = down.weights[v]!;
      let sum = 0;
      for (let y = first; y < last; y++) {
        sum += weights[y]! * cells[h * workingSide + y]!;
      }
      raw[i] = sum;
    }
  }

  function write(
    row: number,
    map: WindowMap,
    mirrored: boolean,
    to: Float32Array,
    at: number,
  ): boolean {
    transform(row, map);
    let [norm, energy] = [0, 0];
    for (let i = 0; i < featureCount; i++) {
      energy += raw[i]! ** 2;
      norm += (raw[i]! * scale[i]!) ** 2;
    }
    norm = Math.sqrt(norm) || 1;
    for (let i = 0; i < featureCount; i++) {
      // Mirroring inverts what is odd from left to right.
      const isOdd = mirrored && frequencies[i]![1] % 2 === 1;
      to[at + i] = (isOdd ? -1 : 1) * raw[i]! * scale[i]! / norm;
    }
    return energy / (CELLS * CELLS) > LEAST_CONTRAST ** 2;
  }
}

/** Weights of the pixels of a line for each frequency, and which have any. */
interface LineMap {
  readonly first: number;
  readonly last: number;
  readonly weights: readonly Float64Array[];
}

interface WindowMap {
  readonly down: LineMap;
  readonly across: LineMap;
}

function mapOf({ top, left, side }: Window): WindowMap {
  return { down: lineMap(top, side), across: lineMap(left, side) };
}

/** Cells and their cosine transform in one: both are linear. */
function lineMap(from: number, side: number): LineMap {
  const cells = areaCells(from, side, CELLS, workingSide);
  const last = cells.at(-1)!;
  return {
    first: cells[0]!.first,
    last: last.first + last.weights.length,
    weights: Array.from({ length: HIGHEST + 1 }, (_, k) => {
      const line = new Float64Array(workingSide);
      const unit = Math.sqrt((k === 0 ? 1 : 2) / CELLS);
      cells.forEach(({ first, weights }, i) =>
        weights.forEach((weight, j) => {
          line[first + j]! += unit * cosines[k]![i]! * weight;
        })
      );
      return line;
    }),
  };
}
