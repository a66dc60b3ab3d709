import { UsageError } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";
import { cifar10Shape } from "./cifar10_classes.ts";
import {
  cifar100Classes,
  cifar100Superclasses,
  cifar100SuperclassOf,
} from "./cifar100_classes.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { readCifarRows } from "./read_cifar_rows.ts";

/** The two data sets of the images of CIFAR-100, by their labels. */
export type Cifar100Name = "cifar100" | "cifar100-coarse";

/**
 * Loads the official binary version of CIFAR-100: `train.bin` of 50,000 and
 * `test.bin` of 10,000 rows, each row a coarse label (superclass), a fine label
 * (class) and then the red, the green and the blue plane of 1,024 bytes.
 *
 * @param name `cifar100`: labels are the 100 classes; `cifar100-coarse`: the 20
 * superclasses.
 * @param dir Folder of the two files.
 * @throws {UsageError} If there is no folder, a file is absent, has another size,
 * or holds a label that is no class or not the superclass of its class.
 */
export async function loadCifar100Binary(
  name: Cifar100Name,
  dir: string | undefined,
): Promise<Dataset> {
  if (dir === undefined) {
    throw new UsageError(
      `The data set "${name}" needs "dataDir": the folder of the official binary version, with train.bin and test.bin`,
      { field: "dataDir" },
    );
  }
  return {
    name,
    shape: cifar10Shape,
    classNames: name === "cifar100" ? cifar100Classes : cifar100Superclasses,
    train: await readSplit(name, `${dir}/train.bin`, 50_000),
    test: await readSplit(name, `${dir}/test.bin`, 10_000),
  };
}

async function readSplit(
  name: Cifar100Name,
  path: string,
  rows: number,
): Promise<LabelledImages> {
  const { pixels, labels: [coarse, fine] } = await readCifarRows(path, {
    rows,
    classes: [cifar100Superclasses.length, cifar100Classes.length],
  });
  fine!.forEach((label, row) => {
    const superclass = cifar100SuperclassOf[label]!;
    if (coarse![row] === superclass) return;
    throw fileFault(
      path,
      `must have ${superclass}, the superclass of ${
        cifar100Classes[label]
      }, as coarse label ${row}, got ${coarse![row]}`,
    );
  });
  return { pixels, labels: name === "cifar100" ? fine! : coarse!, rows };
}
