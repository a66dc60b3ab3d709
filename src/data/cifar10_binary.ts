import { fileFault } from "./_file_fault.ts";
import { checkLabels } from "./check_labels.ts";
import {
  cifar10BatchRows,
  cifar10Classes,
  cifar10ImageBytes,
  cifar10Shape,
} from "./cifar10_classes.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { joinImages } from "./join_images.ts";
import { readBytes } from "./read_bytes.ts";

const rowBytes = 1 + cifar10ImageBytes;
const batchBytes = cifar10BatchRows * rowBytes;

/**
 * Loads the official binary version of CIFAR-10: six files of 10,000 rows, each
 * row a label and then the red, the green and the blue plane of 1,024 bytes.
 *
 * @param dir Folder of `data_batch_1.bin` to `data_batch_5.bin` and
 * `test_batch.bin`.
 * @throws {UsageError} If a file is absent, has another size or holds a label
 * outside `[0, 10)`.
 */
export async function loadCifar10Binary(dir: string): Promise<Dataset> {
  const train = [];
  for (const batch of [1, 2, 3, 4, 5]) {
    train.push(await readBatch(`${dir}/data_batch_${batch}.bin`));
  }
  return {
    name: "cifar10",
    shape: cifar10Shape,
    classNames: cifar10Classes,
    train: joinImages(train),
    test: await readBatch(`${dir}/test_batch.bin`),
  };
}

async function readBatch(path: string): Promise<LabelledImages> {
  const bytes = await readBytes(path, { limitBytes: batchBytes });
  if (bytes.length !== batchBytes) {
    throw fileFault(
      path,
      `must have ${batchBytes} bytes, got ${bytes.length}`,
    );
  }
  const rows = cifar10BatchRows;
  const labels = checkLabels(
    Uint8Array.from({ length: rows }, (_, row) => bytes[row * rowBytes]!),
    { path, rows, classes: cifar10Classes.length },
  );
  const plane = cifar10ImageBytes / 3;
  const pixels = new Uint8Array(rows * cifar10ImageBytes);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    const red = row * rowBytes + 1;
    for (let from = red; from < red + plane; from++) {
      pixels[to++] = bytes[from]!;
      pixels[to++] = bytes[from + plane]!;
      pixels[to++] = bytes[from + 2 * plane]!;
    }
  }
  return { pixels, labels, rows };
}
