import {
  cifar10BatchRows,
  cifar10Classes,
  cifar10Shape,
} from "./cifar10_classes.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { joinImages } from "./join_images.ts";
import {
  cifarBytes,
  type CifarLayout,
  parseCifarRows,
} from "./parse_cifar_rows.ts";

/** Files of the official binary version of CIFAR-10; the last one is for tests. */
export const cifar10Files = [
  ...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  "test_batch.bin",
] as const;

const layout: CifarLayout = {
  rows: cifar10BatchRows,
  classes: [cifar10Classes.length],
};

/** Size of each of these files in bytes. */
export const cifar10FileBytes: number = cifarBytes(layout);

/**
 * Makes the data set of the official binary version of CIFAR-10: six files of
 * 10,000 rows.
 *
 * @param read Gives the bytes of a file by its name.
 * @param pathOf Its path for messages.
 * @throws {UsageError} If a file has another size or holds a label outside
 * `[0, 10)`.
 * @throws What `read` throws.
 */
export async function parseCifar10(
  read: (name: string) => Promise<Uint8Array>,
  pathOf: (name: string) => string,
): Promise<Dataset> {
  const batches: LabelledImages[] = [];
  for (const name of cifar10Files) {
    const { pixels, labels: [labels] } = parseCifarRows(await read(name), {
      path: pathOf(name),
      ...layout,
    });
    batches.push({ pixels, labels: labels!, rows: layout.rows });
  }
  return {
    name: "cifar10",
    shape: cifar10Shape,
    classNames: cifar10Classes,
    train: joinImages(batches.slice(0, -1)),
    test: batches.at(-1)!,
  };
}
