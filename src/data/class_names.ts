import type { DatasetName } from "../spec/datasets.ts";
import { cifar100Classes, cifar100Superclasses } from "./cifar100_classes.ts";
import { cifar10Classes } from "./cifar10_classes.ts";
import { fashionMnistClasses } from "./fashion_mnist.ts";

const known: Readonly<Record<DatasetName, readonly string[] | undefined>> = {
  "cifar10-mini": cifar10Classes,
  "cifar10": cifar10Classes,
  "cifar100": cifar100Classes,
  "cifar100-coarse": cifar100Superclasses,
  "fashion-mnist": fashionMnistClasses,
  // Those of a folder are its own, which no result set records.
  "folder": undefined,
};

/**
 * Names of the classes of a data set, in the order of its labels, without loading
 * it; `undefined` where its name does not tell.
 */
export function classNamesOf(dataset: string): readonly string[] | undefined {
  return Object.hasOwn(known, dataset)
    ? known[dataset as DatasetName]
    : undefined;
}
