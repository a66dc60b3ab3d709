import type { Split } from "../dataset.ts";

/** How a folder, or a file that lists images, says what is what. */
export type Layout = "class folders" | "split folders" | "manifest" | "flat";

/** An image that is listed, before it is read. */
export interface ListedImage {
  /** Where it is read. */
  readonly path: string;
  /** Relative to the data folder, with forward slashes. */
  readonly name: string;
  /** Its class. */
  readonly label: number;
  /** Its split, where the folder comes split. */
  readonly split?: Split;
}

/** All images of a folder. */
export interface FolderListing {
  readonly layout: Layout;
  /** Names of the classes, in the order of the labels. */
  readonly classNames: readonly string[];
  /** Images in the order of their rows; those of a class need not be together. */
  readonly images: readonly ListedImage[];
  /** Whether each image has a split of its own. */
  readonly comesSplit: boolean;
  /** Files that are no images, or have no place in the layout, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Name of the only class of images without labels. */
export const NO_LABEL = "(no label)";
