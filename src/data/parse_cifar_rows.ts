import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import { cifar10ImageBytes } from "./cifar10_classes.ts";

/** A file of the official binary version of a CIFAR data set. */
export interface CifarRows {
  /** Pixels, shape `[rows, 32, 32, 3]`. */
  readonly pixels: Uint8Array;
  /** Each kind of label, shape `[rows]`. */
  readonly labels: readonly Uint8Array[];
}

/** What a file of a CIFAR data set holds. */
export interface CifarLayout {
  /** Images in the file. */
  readonly rows: number;
  /** Number of classes of each kind of label. */
  readonly classes: readonly number[];
}

/** Size of such a file in bytes. */
export function cifarBytes({ rows, classes }: CifarLayout): number {
  return rows * (classes.length + cifar10ImageBytes);
}

/**
 * Parses a file of the official binary version of CIFAR-10 or CIFAR-100: each row
 * is a byte for each kind of label and then the red, the green and the blue
 * plane of 1,024 bytes.
 *
 * @param options Its layout; `path` for messages.
 * @throws {UsageError} If it has another size or holds a label that is no class.
 */
export function parseCifarRows(
  bytes: Uint8Array,
  { path, rows, classes }: CifarLayout & { path: string },
): CifarRows {
  const rowBytes = classes.length + cifar10ImageBytes;
  const size = cifarBytes({ rows, classes });
  if (bytes.length !== size) {
    throw fileFault(path, `must have ${size} bytes, got ${bytes.length}`);
  }
  const labels = classes.map((count, kind) =>
    checkLabels(
      Uint8Array.from({ length: rows }, (_, row) =>
        bytes[row * rowBytes + kind]!),
      { path, rows, classes: count },
    )
  );
  const plane = cifar10ImageBytes / 3;
  const pixels = new Uint8Array(rows * cifar10ImageBytes);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const red = row * rowBytes + classes.length;
    for (let from = red; from < red + plane; from++) {
      pixels[to++] = bytes[from]!;
      pixels[to++] = bytes[from + plane]!;
      pixels[to++] = bytes[from + 2 * plane]!;
    }
  }
  return { pixels, labels };
}
