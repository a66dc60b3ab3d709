import { quotation } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";

/** What the labels of a file must be. */
export interface LabelCheck {
  /** The file, for messages. */
  readonly path: string;
  /** Number of images. */
  readonly rows: number;
  /** Number of classes. */
  readonly classes: number;
}

/**
 * Checks that there is one label per image and that each is a class.
 *
 * @param labels Values as read from a file.
 * @returns Labels, shape `[rows]`.
 * @throws {UsageError} If the count differs or a label is out of range.
 */
export function checkLabels(
  labels: ArrayLike<unknown>,
  { path, rows, classes }: LabelCheck,
): Uint8Array<ArrayBuffer> {
  if (labels.length !== rows) {
    throw fileFault(
      path,
      `must have ${rows} labels, one per image, got ${labels.length}`,
    );
  }
  const checked = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = labels[row];
    if (
      typeof label !== "number" || !Number.isInteger(label) ||
      label < 0 || label >= classes
    ) {
      const found = quotation(JSON.stringify(label) ?? "nothing");
      throw fileFault(
        path,
        `must have an integer in [0, ${classes}) as label ${row}, got ${found}`,
      );
    }
    checked[row] = label;
  }
  return checked;
}
