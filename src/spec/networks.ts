import type { AugmentationName } from "./augmentations.ts";
import type { OptimizerName } from "./optimizers.ts";
import { type MarkedTerm, namesOf } from "./term.ts";
import type { NetworkName } from "./names.ts";

export type { NetworkName };

/** A small convolutional classifier, as numbers. */
export interface ClassifierSpec {
  /** Output channels of the two 3x3 convolutions. */
  readonly filters: readonly [number, number];
  /** Units of the hidden dense layer. */
  readonly hidden: number;
  /** Rate of the dropout after the hidden layer, in `[0, 1)`. */
  readonly dropout: number;
}

/** A network, and the protocol that it was published with. */
export interface NetworkTerm extends MarkedTerm {
  /** What it is built from. */
  readonly spec: ClassifierSpec;
  /** Optimizer of a study that does not say. */
  readonly optimizer: OptimizerName;
  /** Augmentation of a study that does not say. */
  readonly augmentation: AugmentationName;
}

/**
 * The two networks of Aghabagherloo et al. 2025 (arXiv:2504.00638), as their
 * notebooks build them: twice (convolution 3x3, ReLU, max-pool 2), then dense,
 * ReLU, dropout, dense.
 */
export const networks = {
  "published-standard": {
    title: "published-standard",
    meaning:
      "the paper's network for standard training: convolutions of 16 and 32 channels, 128 hidden units, dropout",
    mark: "circle",
    spec: { filters: [16, 32], hidden: 128, dropout: 0.5 },
    optimizer: "sgd",
    augmentation: "crop-flip",
  },
  "published-adversarial": {
    title: "published-adversarial",
    meaning:
      "the paper's network for adversarial training: convolutions of 32 and 64 channels, 256 hidden units",
    mark: "square",
    spec: { filters: [32, 64], hidden: 256, dropout: 0 },
    optimizer: "adam",
    augmentation: "none",
  },
} as const satisfies Record<string, NetworkTerm>;

/** Names of the networks. */
export const networkNames: readonly [NetworkName, ...NetworkName[]] = namesOf(
  networks,
);
