import { bytesOf, sha256 } from "../core/digest.ts";
import type { FolderReading } from "./folder/folder_reading.ts";

/**
 * Labelled images as decoded bytes, the form of every data set. Pixels are
 * interleaved (NHWC), 0 to 255, and not normalised: the first layer of a model
 * does that.
 */
export interface LabelledImages {
  /** Pixels, shape `[rows, height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** Class of each row, in `[0, classes)`, shape `[rows]`. */
  readonly labels: Uint8Array;
  /** Number of images. */
  readonly rows: number;
  /**
   * Row of each image in the split as it was loaded, where a limit kept some of
   * them only; default: the same row.
   */
  readonly sourceRows?: Uint32Array;
  /**
   * Rows in the order in which a limit chose them, where one did: the first of
   * them are those that a smaller limit chooses.
   */
  readonly chosenOrder?: Uint32Array;
  /**
   * File of each image, relative to the data folder and with forward slashes,
   * where each image has one. It is no part of the digest.
   */
  readonly paths?: readonly string[];
  /**
   * Place of each image in the array file that it is from: its row there or, of
   * several arrays or files, the name of its own and the row, such as `train/12`.
   * It is no part of the digest.
   */
  readonly items?: readonly string[];
}

/** A data set, split for training and testing. */
export interface Dataset {
  /** Name, such as `cifar10-mini`. */
  readonly name: string;
  /** Height, width and channels of every image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Names of the classes, in the order of the labels. */
  readonly classNames: readonly string[];
  /** Training split. */
  readonly train: LabelledImages;
  /** Test split. */
  readonly test: LabelledImages;
  /**
   * Test images with a duplicate among the training images, where they are counted
   * apart; the test split is then without them.
   */
  readonly leaked?: LabelledImages;
  /**
   * Training images beyond the limit, if asked for: fresh images, as a stand-in
   * for copies.
   */
  readonly reserve?: LabelledImages;
  /** How its images were read, where it is a folder of images. */
  readonly reading?: FolderReading;
}

/** Which of the two splits of a data set. */
export type Split = "train" | "test";

/** What a result set records of a data set. */
export interface DatasetDigest {
  /** Name of the data set. */
  name: string;
  /** Training images per class. */
  trainPerClass: number[];
  /** Test images per class. */
  testPerClass: number[];
  /**
   * Test images per class that are counted apart, as they have a duplicate among the
   * training images; absent: none are.
   */
  apartPerClass?: number[];
  /** Broken images of a folder that were skipped; absent: none. */
  skippedImages?: number;
  /**
   * SHA-256 over shape, class count, pixels and labels of both splits and, if they
   * were asked for, of the test images counted apart and of the reserve.
   */
  sha256: string;
}

/** Images per class of one split, shape `[classes]`. */
export function countPerClass(
  labels: Uint8Array,
  classes: number,
): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** Identifies the decoded content of a data set, whatever its source. */
export function digestDataset(dataset: Dataset): DatasetDigest {
  const { name, shape, classNames, train, test, leaked, reserve, reading } =
    dataset;
  const header = JSON.stringify([
    shape,
    classNames.length,
    train.rows,
    test.rows,
    ...(leaked ? [{ leaked: leaked.rows }] : []),
    ...(reserve ? [reserve.rows] : []),
  ]);
  return {
    name,
    trainPerClass: countPerClass(train.labels, classNames.length),
    testPerClass: countPerClass(test.labels, classNames.length),
    ...(leaked &&
      { apartPerClass: countPerClass(leaked.labels, classNames.length) }),
    ...(reading && reading.skipped.length > 0 &&
      { skippedImages: reading.skipped.length }),
    sha256: sha256(
      header,
      bytesOf(train.pixels),
      bytesOf(train.labels),
      bytesOf(test.pixels),
      bytesOf(test.labels),
      ...(leaked ? [bytesOf(leaked.pixels), bytesOf(leaked.labels)] : []),
      ...(reserve ? [bytesOf(reserve.pixels), bytesOf(reserve.labels)] : []),
    ),
  };
}
