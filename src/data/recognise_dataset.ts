import { stat } from "node:fs/promises";
import type { DatasetName } from "../spec/datasets.ts";

/** The files by which a folder is known as the binary version of a data set. */
const binaries: readonly {
  readonly files: readonly string[];
  readonly names: readonly [DatasetName, ...DatasetName[]];
}[] = [
  { files: ["data_batch_1.bin", "test_batch.bin"], names: ["cifar10"] },
  {
    files: ["train.bin", "test.bin"],
    names: ["cifar100", "cifar100-coarse"],
  },
];

/**
 * The data sets that a path may be, the likeliest first: the official binary
 * version of CIFAR-10 or CIFAR-100, known by its files, or else `folder`, images
 * of one's own in any layout.
 */
export async function recogniseDataset(
  path: string,
): Promise<readonly [DatasetName, ...DatasetName[]]> {
  const isFile = (name: string) =>
    stat(`${path}/${name}`).then((info) => info.isFile(), () => false);
  for (const { files, names } of binaries) {
    const present = await Promise.all(files.map(isFile));
    if (present.every((is) => is)) return names;
  }
  return ["folder"];
}
