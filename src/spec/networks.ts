import { type MarkedTerm, namesOf } from "./term.ts";
import type { LayerInput } from "./layers.ts";
import type { NetworkName } from "./names.ts";
import { defineNetwork, type Network } from "./network.ts";
import type { Recipe, RecipeField } from "./recipe.ts";

export type { NetworkName, Recipe, RecipeField };

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

/** Mean .5 and deviation .25, near those of CIFAR-10. */
const standardise: LayerInput = { type: "scale", factor: 4, offset: -2 };

const relu: LayerInput = { type: "relu" };

/** A convolution 3x3 without bias, batch normalisation after it. */
function normalisedConv(filters: number, stride = 1): LayerInput[] {
  return [
    { type: "conv", filters, stride, bias: false },
    { type: "batchNorm" },
  ];
}

/**
 * A residual network for images of 32 x 32 (He et al. 2016, arXiv:1512.03385,
 * sec. 4.2): three stages of as many blocks of two convolutions, with 16, 32 and
 * 64 channels, shortcuts without weights, then the mean of each channel and a
 * dense layer.
 *
 * @param blocks Blocks of a stage; the network has 6 times as many layers with
 * weights, and 2.
 */
export function residualNetwork(blocks: number): Network {
  const stage = (filters: number, first: 1 | 2) =>
    Array.from({ length: blocks }, (_, i): LayerInput[] => {
      const stride = i === 0 ? first : 1;
      return [
        {
          type: "residual",
          shortcut: stride === 1 ? "identity" : "pad",
          layers: [
            ...normalisedConv(filters, stride),
            relu,
            ...normalisedConv(filters),
          ],
        },
        relu,
      ];
    }).flat();
  return defineNetwork(
    standardise,
    ...normalisedConv(16),
    relu,
    ...stage(16, 1),
    ...stage(32, 2),
    ...stage(64, 2),
    { type: "globalAvgPool" },
    { type: "dense" },
  );
}

/**
 * A network made for accuracy per multiply-add, after Jordan 2024
 * (arXiv:2404.00498, sec. 3): a frozen convolution 2x2 that whitens patches of the
 * training images, relu, then groups of convolution, max-pool, batch
 * normalisation, relu, convolution, batch normalisation, relu, and a dense layer
 * whose scores are scaled by 1/9. Filters begin as the identity. It differs from
 * that paper's networks in relu for GELU, epsilon of batch normalisation, and
 * widths.
 *
 * @param filters Channels of each group.
 */
export function whitenedGroups(filters: readonly number[]): Network {
  const conv = (count: number): LayerInput => ({
    type: "conv",
    filters: count,
    bias: false,
    initial: "identity",
  });
  const normalise: LayerInput = {
    type: "batchNorm",
    momentum: 0.4,
    scale: false,
  };
  return defineNetwork(
    {
      type: "conv",
      filters: 24,
      kernel: 2,
      padding: 0,
      initial: "whitening",
      frozen: true,
    },
    relu,
    ...filters.flatMap((count) => [
      conv(count),
      { type: "maxPool" } as const,
      normalise,
      relu,
      conv(count),
      normalise,
      relu,
    ]),
    { type: "maxPool", size: 3 },
    { type: "flatten" },
    { type: "dense", bias: false },
    { type: "scale", factor: 1 / 9 },
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
 * The networks. The published ones are those of Aghabagherloo et al. 2025
 * (arXiv:2504.00638), as their notebooks build them.
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
  "resnet-20": {
    title: "resnet-20",
    meaning:
      "the residual network of 20 layers for CIFAR-10 (He et al. 2016): 16, 32 and 64 channels, batch normalisation",
    mark: "triangle-up",
    network: residualNetwork(3),
    recipe: {
      optimizer: "sgd",
      learningRate: 0.1,
      nesterov: true,
      schedule: "one-cycle",
      augment: "crop-flip",
    },
  },
  "whitened-groups": {
    title: "whitened-groups",
    meaning:
      "a network made for accuracy per multiply-add (after Jordan 2024): a frozen whitening convolution, three groups of 24, 96 and 128 channels, batch normalisation",
    mark: "diamond",
    network: whitenedGroups([24, 96, 128]),
    recipe: {
      optimizer: "sgd",
      learningRate: 0.15,
      momentum: 0.85,
      nesterov: true,
      weightDecay: 0.001,
      decayOn: "weights",
      biasRate: 16,
      schedule: "one-cycle",
      scheduleEnd: 0,
      labelSmoothing: 0.1,
      batch: 125,
      augment: "crop-flip",
      cropPadding: 2,
      border: "reflect",
      flip: "alternating",
    },
  },
};

/** Names of the networks. */
export const networkNames: readonly [NetworkName, ...NetworkName[]] = namesOf(
  networks,
);

/** Names of the networks of the paper. */
export const publishedNames = [
  "published-standard",
  "published-adversarial",
] as const satisfies readonly NetworkName[];
