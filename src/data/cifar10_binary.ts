import {
  cifar10BatchRows,
  cifar10Classes,
  cifar10Shape,
} from "./cifar10_classes.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { joinImages } from "./join_images.ts";
import { readCifarRows } from "./read_cifar_rows.ts";

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
  const rows = cifar10BatchRows;
  const { pixels, labels: [labels] } = await readCifarRows(path, {
    rows,
    classes: [cifar10Classes.length],
  });
  return { pixels, labels: labels!, rows };
}
