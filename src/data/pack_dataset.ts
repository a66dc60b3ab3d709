import { bytesOf } from "../core/digest.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";

/** What is said of a data set whose bytes follow; JSON keeps it as it is. */
export interface DatasetHeader extends Pick<Dataset, "name" | "classNames"> {
  /** Height, width and channels of every image. */
  readonly shape: readonly [number, number, number];
  /** Its splits, in the order of their bytes. */
  readonly splits: readonly SplitHeader[];
  /** Length of all bytes. */
  readonly bytes: number;
}

/** What is said of the bytes of one split. */
interface SplitHeader {
  readonly split: "train" | "test" | "leaked" | "reserve";
  readonly rows: number;
  /** Whether the row of each image in its source follows the labels. */
  readonly hasSourceRows: boolean;
  /** Whether the order in which a limit chose them follows those. */
  readonly hasChosenOrder: boolean;
  /** Files of its images, where each has one. */
  readonly paths?: readonly string[];
}

/** A data set as a header and bytes, to be given to another process. */
export interface PackedDataset {
  /** What is said of it. */
  readonly header: DatasetHeader;
  /**
   * Views of its bytes, in order: of each split the pixels, the labels and, as
   * 32-bit integers of this machine, the rows in the source and the order in which
   * a limit chose them.
   */
  readonly blocks: readonly Uint8Array[];
}

/** Bytes of the row of an image in its source. */
const ROW_BYTES = Uint32Array.BYTES_PER_ELEMENT;

/** Describes the bytes of a data set, without copying them. */
export function packDataset(dataset: Dataset): PackedDataset {
  const { name, shape, classNames } = dataset;
  const blocks: Uint8Array[] = [];
  const splits = (["train", "test", "leaked", "reserve"] as const).flatMap(
    (split): SplitHeader[] => {
      const images = dataset[split];
      if (images === undefined) return [];
      const { pixels, labels, rows, sourceRows, chosenOrder, paths } = images;
      blocks.push(pixels, labels);
      if (sourceRows !== undefined) blocks.push(bytesOf(sourceRows));
      if (chosenOrder !== undefined) blocks.push(bytesOf(chosenOrder));
      return [{
        split,
        rows,
        hasSourceRows: sourceRows !== undefined,
        hasChosenOrder: chosenOrder !== undefined,
        ...(paths && { paths }),
      }];
    },
  );
  const bytes = blocks.reduce((sum, { length }) => sum + length, 0);
  return { header: { name, shape, classNames, splits, bytes }, blocks };
}

/**
 * The data set of a header and its bytes.
 *
 * @param bytes All blocks of `packDataset`, one after the other; the images are
 * views of it.
 */
export function unpackDataset(
  { name, shape, classNames, splits }: DatasetHeader,
  bytes: Uint8Array<ArrayBuffer>,
): Dataset {
  const imageBytes = shape[0] * shape[1] * shape[2];
  const images: Partial<Record<SplitHeader["split"], LabelledImages>> = {};
  let at = 0;
  const take = (length: number) => bytes.subarray(at, at += length);
  // Copied, as 32-bit integers must be at multiples of 4.
  const takeRows = (rows: number) =>
    new Uint32Array(take(rows * ROW_BYTES).slice().buffer);
  for (const { split, rows, hasSourceRows, hasChosenOrder, paths } of splits) {
    images[split] = {
      pixels: take(rows * imageBytes),
      labels: take(rows),
      rows,
      ...(hasSourceRows && { sourceRows: takeRows(rows) }),
      ...(hasChosenOrder && { chosenOrder: takeRows(rows) }),
      ...(paths && { paths }),
    };
  }
  const { train, test, leaked, reserve } = images;
  return {
    name,
    shape,
    classNames,
    train: train!,
    test: test!,
    ...(leaked && { leaked }),
    ...(reserve && { reserve }),
  };
}
