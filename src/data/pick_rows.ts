import type { LabelledImages } from "./dataset.ts";
import { pathsOf, selectRows } from "./limit_rows.ts";

/**
 * Some of the images, which know their rows in the source. Pixels are copied when
 * they are first read: plans of cells read labels only, and pixels are many.
 *
 * @param rows Rows to take, shape `[n]`.
 */
export function pickRows(
  images: LabelledImages,
  rows: Uint32Array,
): LabelledImages {
  let pixels: Uint8Array | undefined;
  return {
    get pixels() {
      return pixels ??= selectRows(images, rows).pixels;
    },
    labels: Uint8Array.from(rows, (row) => images.labels[row]!),
    rows: rows.length,
    sourceRows: rows.map((row) => images.sourceRows?.[row] ?? row),
    ...pathsOf(images, rows),
  };
}

/** All rows of a split but some, ascending. */
export function otherRows(
  { rows }: Pick<LabelledImages, "rows">,
  some: Uint32Array,
): Uint32Array {
  const isSome = new Set(some);
  return Uint32Array.from({ length: rows }, (_, row) => row)
    .filter((row) => !isSome.has(row));
}
