import type { FinishedCell } from "../results/result_set.ts";

/** An image as bytes, shape that of the data set. */
export type ExampleImage = Uint8Array;

/** A training image and what stands in the list as its duplicate. */
export interface DuplicateExample {
  /** Row of the training split. */
  row: number;
  /** Its label. */
  label: number;
  /** As stored. */
  original: ExampleImage;
  /** Its duplicate, as stored. */
  copy: ExampleImage;
  /** Both as the network gets them in its first pass; none: as stored. */
  augmented?: { original: ExampleImage; copy: ExampleImage };
}

/** A test image and what an attack made of it. */
export interface AttackExample {
  /** Row of the test split. */
  row: number;
  /** Its label, which the classifier gives it, too. */
  label: number;
  /** The attack, by name. */
  attack: string;
  /** As stored. */
  clean: ExampleImage;
  /** After the attack. */
  attacked: ExampleImage;
  /** The change, amplified: grey is none, black and white are epsilon. */
  change: ExampleImage;
  /** Largest change of any pixel, in `[0, 1]`. */
  largestChange: number;
  /** What the classifier calls it then. */
  predicted: number;
}

/** Examples of one cell. */
export interface CellExamples {
  /** The cell they are of. */
  cell: FinishedCell;
  /** Whether running it again gave the outcome recorded, bit for bit. */
  isOutcomeEqual: boolean;
  /** Milliseconds it took. */
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
