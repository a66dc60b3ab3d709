import { quotation } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";

/** What the labels of a file have to be. */
export interface LabelCheck {
  /** The file, for messages. */
  readonly path: string;
  /** How many images there are. */
  readonly rows: number;
  /** How many classes there are. */
  readonly classes: number;
}

/**
 * Checks that there is one label an image and that each is a class.
 *
 * @param labels Numbers of any origin.
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
      "label count",
      `${rows}, one an image`,
      labels.length,
    );
  }
  const checked = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = labels[row];
    if (
      typeof label !== "number" || !Number.isInteger(label) ||
      label < 0 || label >= classes
    ) {
      throw fileFault(
        path,
        `label ${row}`,
        `an integer in [0, ${classes})`,
        quotation(JSON.stringify(label) ?? "absent"),
      );
    }
    checked[row] = label;
  }
  return checked;
}
