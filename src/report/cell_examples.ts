import type { FinishedCell } from "../results/result_set.ts";

/** An image as bytes, with the shape of the data set. */
export type ExampleImage = Uint8Array;

/** A training image and one of its copies in the training list. */
export interface DuplicateExample {
  /** Row of the training split. */
  row: number;
  /** Its label. */
  label: number;
  /** Label that its copy carries; absent: the same. */
  copyLabel?: number;
  /** As stored. */
  original: ExampleImage;
  /** Its copy, as stored. */
  copy: ExampleImage;
  /** Both as augmented in the first epoch; absent: trained on as stored. */
  augmented?: { original: ExampleImage; copy: ExampleImage };
}

/** A test image before and after an attack. */
export interface AttackExample {
  /** Row of the test split. */
  row: number;
  /** Its label, which the classifier also predicts. */
  label: number;
  /** The attack, by name. */
  attack: string;
  /** As stored. */
  clean: ExampleImage;
  /** After the attack. */
  attacked: ExampleImage;
  /** The change, amplified: grey is no change, black and white are epsilon. */
  change: ExampleImage;
  /** Largest change of any pixel, in `[0, 1]`. */
  largestChange: number;
  /** Class that the classifier predicts after the attack. */
  predicted: number;
}

/** Examples of one cell. */
export interface CellExamples {
  /** The cell that they are from. */
  cell: FinishedCell;
  /** Whether running it again gave the recorded outcome, bit for bit. */
  isOutcomeEqual: boolean;
  /** How long it took, in milliseconds. */
  tookMs: number;
  /** Height, width and channels. */
  shape: readonly [height: number, width: number, channels: number];
  /** Names of the classes. */
  classNames: readonly string[];
  /** Empty where the cell has no copies. */
  duplicates: DuplicateExample[];
  /** Empty where the cell is not attacked. */
  attacked: AttackExample[];
}
