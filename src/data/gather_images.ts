import type { BorderName } from "../spec/augmentations.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";

/** How an image is moved when a batch is made; see `train/augmentation.ts`. */
export interface PixelMove {
  /** Rows the image moves down. */
  readonly down: number;
  /** Columns it moves right. */
  readonly right: number;
  /** Whether it is then mirrored left to right. */
  readonly flip: boolean;
  /**
   * What pixels show that the image uncovers; default: black. An image that is
   * reflected moves by less than its height and width.
   */
  readonly border?: BorderName;
  /** Square of the moved image that is black; default: none. */
  readonly cutout?: CutSquare;
}

/** A square of pixels, which may reach beyond the image. */
export interface CutSquare {
  /** Row of its first line; negative above the image. */
  readonly top: number;
  /** Column of its first pixels; negative left of the image. */
  readonly left: number;
  /** Its height and width. */
  readonly side: number;
}

/**
 * Byte to pixel in `[0, 1]`, rounded once to float32, so that every backend gets
 * the same numbers.
 */
const unitOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Integers that say which image of a store is wanted, and how it is moved. */
const PICK_SIZE = 8;

/**
 * Copies images into a batch of floats.
 *
 * @param images Images to copy from.
 * @param shape Height, width and channels of an image.
 * @param rows Which images, in order.
 * @param moveOf The move of batch entry `i`; default: images are not moved.
 * @returns Pixels in `[0, 1]`, shape `[rows, h, w, c]`.
 */
export function gatherImages(
  { pixels }: Pick<LabelledImages, "pixels">,
  shape: Dataset["shape"],
  rows: Uint32Array,
  moveOf?: (index: number) => PixelMove,
): Float32Array {
  const [height, width, channels] = shape;
  const line = width * channels;
  const size = height * line;
  const batch = new Float32Array(rows.length * size);
  const lineOf = lineTables(width, channels);
  rows.forEach((row, index) => {
    const from = row * size;
    const to = index * size;
    const move = moveOf?.(index);
    if (move === undefined) {
      for (let i = 0; i < size; i++) {
        batch[to + i] = unitOfByte[pixels[from + i]!]!;
      }
      return;
    }
    const { begin, sources } = lineOf(move);
    const isReflected = move.border === "reflect";
    for (let y = 0; y < height; y++) {
      const moved = y - move.down;
      const sourceY = isReflected ? reflect(moved, height) : moved;
      if (sourceY < 0 || sourceY >= height) continue;
      const source = from + sourceY * line;
      const target = to + y * line + begin;
      for (let i = 0; i < sources.length; i++) {
        batch[target + i] = unitOfByte[pixels[source + sources[i]!]!]!;
      }
    }
    if (move.cutout === undefined) return;
    const { top, left, side } = move.cutout;
    const first = channels * Math.max(left, 0);
    const last = channels * Math.max(0, Math.min(left + side, width));
    for (let y = Math.max(top, 0); y < Math.min(top + side, height); y++) {
      batch.fill(0, to + y * line + first, to + y * line + last);
    }
  });
  return batch;
}

/** Where the values of one line of a moved image come from. */
interface LineTable {
  /** First value of the line that is not black. */
  readonly begin: number;
  /** Place in a line of the image of each value from there, until black ones. */
  readonly sources: Int32Array;
}

/** The same for every line of an image, and made once for all of a batch. */
function lineTables(
  width: number,
  channels: number,
): (move: PixelMove) => LineTable {
  const tables = new Map<number, LineTable>();
  return (move) => {
    const { right, flip, border } = move;
    const isReflected = border === "reflect";
    const key = 4 * right + 2 * Number(flip) + Number(isReflected);
    const known = tables.get(key);
    if (known !== undefined) return known;
    const sources: number[] = [];
    let begin = 0;
    for (let x = 0; x < width; x++) {
      const moved = (flip ? width - 1 - x : x) - right;
      const sourceX = isReflected ? reflect(moved, width) : moved;
      if (sourceX < 0 || sourceX >= width) continue;
      if (sources.length === 0) begin = x * channels;
      for (let channel = 0; channel < channels; channel++) {
        sources.push(sourceX * channels + channel);
      }
    }
    const table = { begin, sources: Int32Array.from(sources) };
    tables.set(key, table);
    return table;
  };
}

/**
 * A place in the border, reflected about the first or last one, which is not
 * repeated: PyTorch's padding mode `reflect`.
 *
 * @param at Less than `size` places before the first or after the last one.
 */
function reflect(at: number, size: number): number {
  const last = size - 1;
  return last - Math.abs(last - Math.abs(at));
}

/**
 * The same batch as integers, for images that are already on a device; see
 * `ImageStore.gather`.
 *
 * @param rows Which images, in order.
 * @param moveOf The move of batch entry `i`; default: images are not moved.
 * @returns Eight integers for each entry: its row; how far it moves down and
 * right; 1 if it is then mirrored; 1 if its border is reflected; top, left and
 * side of its black square. Shape `[rows, 8]`.
 */
export function pickImages(
  rows: Uint32Array,
  moveOf?: (index: number) => PixelMove,
): Int32Array {
  const picks = new Int32Array(PICK_SIZE * rows.length);
  rows.forEach((row, index) => {
    const move = moveOf?.(index);
    const at = PICK_SIZE * index;
    picks[at] = row;
    if (move === undefined) return;
    const { down, right, flip, border, cutout } = move;
    picks.set(
      [down, right, Number(flip), Number(border === "reflect")],
      at + 1,
    );
    if (cutout === undefined) return;
    picks.set([cutout.top, cutout.left, cutout.side], at + 5);
  });
  return picks;
}

/**
 * One-hot labels of a batch.
 *
 * @returns Shape `[rows, classes]`, one 1 per row.
 */
export function gatherLabels(
  images: Pick<LabelledImages, "labels">,
  classes: number,
  rows: Uint32Array,
): Float32Array {
  const batch = new Float32Array(rows.length * classes);
  rows.forEach((row, index) => {
    batch[index * classes + images.labels[row]!] = 1;
  });
  return batch;
}
