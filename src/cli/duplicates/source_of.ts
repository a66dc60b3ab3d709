import type { ImagePlace } from "../../detection/find_duplicates.ts";
import type { Sides } from "./sides.ts";

/** Where a user finds an image that has no file of its own. */
export interface ImageSource {
  /** Its row in the data set or the array file as it is on disk. */
  readonly row: number;
  /** The array or file in which this row is, where there are several. */
  readonly part?: string;
}

/**
 * Where an image is from. Its row in the split is another one where a limit left
 * out some images, the split was drawn or broken images were skipped.
 */
export function sourceOf(
  { split, row }: Pick<ImagePlace, "split" | "row">,
  { dataset }: Pick<Sides, "dataset">,
): ImageSource {
  const { items, sourceRows } = dataset[split];
  const item = items?.[row];
  if (item === undefined) return { row: sourceRows?.[row] ?? row };
  const slash = item.lastIndexOf("/");
  return {
    row: Number(item.slice(slash + 1)),
    ...(slash >= 0 && { part: item.slice(0, slash) }),
  };
}

/** The file of an image, or its row and in which array or file that is. */
export function sourceName(
  image: Pick<ImagePlace, "split" | "row" | "path">,
  sides: Pick<Sides, "dataset">,
): string {
  if (image.path !== undefined) return image.path;
  const { part, row } = sourceOf(image, sides);
  return part === undefined ? String(row) : `${part}/${row}`;
}
