import { type MarkedTerm, namesOf } from "./term.ts";
import type { LayerInput } from "./layers.ts";
import type { NetworkName } from "./names.ts";
import { defineNetwork, type Network } from "./network.ts";
import type { Recipe } from "./recipe.ts";

export type { NetworkName, Recipe };

/** Widths of a network like the published ones. */
export interface PublishedWidths {
  /** Output channels of the two 3x3 convolutions. */
  readonly filters: readonly [number, number];
  /** Units of the hidden dense layer. */
  readonly hidden: number;
  /** Rate of the dropout after the hidden layer, in `[0, 1)`. */
  readonly dropout: number;
}

/**
 * A network of the published form: pixels to `[-1, 1]` (mean .5, deviation .5),
 * twice convolution 3x3, ReLU and max-pool 2, then dense, ReLU, dropout, dense.
 */
export function publishedNetwork(
  { filters, hidden, dropout }: PublishedWidths,
): Network {
  return defineNetwork(
    { type: "scale", factor: 2, offset: -1 },
    ...filters.flatMap((count): LayerInput[] => [
      { type: "conv", filters: count },
      { type: "relu" },
      { type: "maxPool" },
    ]),
    { type: "flatten" },
    { type: "dense", units: hidden },
    { type: "relu" },
    ...(dropout > 0 ? [{ type: "dropout", rate: dropout } as const] : []),
    { type: "dense" },
  );
}

/** A network, and how it is trained. */
export interface NetworkTerm extends MarkedTerm {
  /** Its layers. */
  readonly network: Network;
  /** Values of fields of a study that does not say. */
  readonly recipe: Recipe;
}

/**
 * The two networks of Aghabagherloo et al. 2025 (arXiv:2504.00638), as their
 * notebooks build them: twice (convolution 3x3, ReLU, max-pool 2), then dense,
 * ReLU, dropout, dense.
 */
export const networks: Readonly<Record<NetworkName, NetworkTerm>> = {
  "published-standard": {
    title: "published-standard",
    meaning:
      "the paper's network for standard training: convolutions of 16 and 32 channels, 128 hidden units, dropout",
    mark: "circle",
    network: publishedNetwork({
      filters: [16, 32],
      hidden: 128,
      dropout: 0.5,
    }),
    recipe: { optimizer: "sgd", augment: "crop-flip" },
  },
  "published-adversarial": {
    title: "published-adversarial",
    meaning:
      "the paper's network for adversarial training: convolutions of 32 and 64 channels, 256 hidden units",
    mark: "square",
    network: publishedNetwork({ filters: [32, 64], hidden: 256, dropout: 0 }),
    recipe: { optimizer: "adam", augment: "none" },
  },
};

/** Names of the networks. */
export const networkNames: readonly [NetworkName, ...NetworkName[]] = namesOf(
  networks,
);
