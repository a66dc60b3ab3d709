import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import { cifar10ImageBytes } from "./cifar10_classes.ts";
import { readBytes } from "./read_bytes.ts";

/** A file of the official binary version of a CIFAR data set. */
export interface CifarRows {
  /** Pixels, shape `[rows, 32, 32, 3]`. */
  readonly pixels: Uint8Array;
  /** Each kind of label, shape `[rows]`. */
  readonly labels: readonly Uint8Array[];
}

/**
 * Reads a file of the official binary version of CIFAR-10 or CIFAR-100: each row
 * is a byte for each kind of label and then the red, the green and the blue
 * plane of 1,024 bytes.
 *
 * @param options `rows`: images in the file; `classes`: number of classes of
 * each kind of label.
 * @throws {UsageError} If the file is absent, has another size or holds a label
 * that is no class.
 */
export async function readCifarRows(
  path: string,
  { rows, classes }: { rows: number; classes: readonly number[] },
): Promise<CifarRows> {
  const rowBytes = classes.length + cifar10ImageBytes;
  const limitBytes = rows * rowBytes;
  const bytes = await readBytes(path, { limitBytes });
  if (bytes.length !== limitBytes) {
    throw fileFault(
      path,
      `must have ${limitBytes} bytes, got ${bytes.length}`,
    );
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
