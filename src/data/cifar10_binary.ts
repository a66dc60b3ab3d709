import type { Dataset } from "./dataset.ts";
import { cifar10FileBytes, parseCifar10 } from "./parse_cifar10.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * Loads the official binary version of CIFAR-10 from its folder.
 *
 * @param dir Folder of `data_batch_1.bin` to `data_batch_5.bin` and
 * `test_batch.bin`.
 * @throws {UsageError} If a file is absent, has another size or holds a label
 * outside `[0, 10)`.
 */
export async function loadCifar10Binary(dir: string): Promise<Dataset> {
  const pathOf = (name: string) => `${dir}/${name}`;
  return await parseCifar10(
    (name) => readBytes(pathOf(name), { limitBytes: cifar10FileBytes }),
    pathOf,
  );
}
