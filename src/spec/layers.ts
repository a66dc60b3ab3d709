import { z } from "zod";
import type { Layer, LayerInput } from "./network_types.ts";
import { namesOf } from "./term.ts";

export type { Layer, LayerInput };

const size = z.int().min(1).max(4096);

const name = z.string().regex(
  /^[A-Za-z][A-Za-z0-9_]{0,62}$/,
  "must be letters, digits and underscores, a letter first",
).optional().describe(
  "Name of the weights, without a dot (default: conv1, conv2, fc1, bn1 and so on, in order)",
);

const frozen = z.boolean().default(false).describe(
  "Whether the weights keep their initial values",
);

/** How the filters of a convolution may begin, other than at random. */
export const initials = {
  whitening:
    "eigenvectors of the covariance of patches of the training images, each divided by the square root of its eigenvalue, and the same negated; only for a convolution of the images themselves (Jordan 2024, sec. 3.2)",
  identity:
    "filter k copies channel k of the input, as far as there are channels; the others are random (Jordan 2024, sec. 3.3)",
} as const;

/** How the input of a residual block reaches its output. */
export const shortcuts = {
  identity: "as it is",
  pad: "every stride-th pixel, then channels of zeros",
  project:
    "through a 1x1 convolution, and batch normalisation if the block has any",
} as const;

function describe(terms: Readonly<Record<string, string>>): string {
  return Object.entries(terms).map(([name, meaning]) => `${name}, ${meaning}`)
    .join("; ");
}

/**
 * The layers of a network, by type, but for the residual block, which holds
 * others. Images are `[h, w, c]`; what is said of padding and shapes holds for
 * each side.
 */
export const layerSchemas = {
  conv: z.strictObject({
    type: z.literal("conv"),
    name,
    filters: size.describe("Output channels"),
    kernel: size.default(3).describe("Height and width of a filter"),
    stride: size.default(1).describe("Pixels from one window to the next"),
    padding: z.int().min(0).max(4096).optional().describe(
      "Pixels of zeros on each side (default: half of an odd kernel, rounded down; an even kernel has none)",
    ),
    bias: z.boolean().default(true).describe("Whether a bias is added"),
    initial: z.enum(namesOf(initials)).optional().describe(
      `Initial filters: ${describe(initials)}; absent: random`,
    ),
    frozen,
  }),
  dense: z.strictObject({
    type: z.literal("dense"),
    name,
    units: size.optional().describe(
      "Outputs (default: the classes of the data set)",
    ),
    bias: z.boolean().default(true).describe("Whether a bias is added"),
    frozen,
  }),
  batchNorm: z.strictObject({
    type: z.literal("batchNorm"),
    name,
    momentum: z.number().gt(0).max(1).default(0.1).describe(
      "Share of the batch in the new running statistics, as in PyTorch",
    ),
    epsilon: z.number().gt(0).max(1).default(1e-5).describe(
      "Added to the variance",
    ),
    scale: z.boolean().default(true).describe("Whether it has a learned scale"),
    shift: z.boolean().default(true).describe("Whether it has a learned shift"),
    frozen: z.boolean().default(false).describe(
      "Whether scale and shift keep their initial values, 1 and 0; batches are normalised and running statistics updated in any case",
    ),
  }),
  relu: z.strictObject({ type: z.literal("relu") }),
  maxPool: z.strictObject({
    type: z.literal("maxPool"),
    size: size.default(2).describe("Height and width of a window"),
    stride: size.optional().describe(
      "Pixels from one window to the next (default: the size)",
    ),
  }),
  avgPool: z.strictObject({
    type: z.literal("avgPool"),
    size: size.default(2).describe("Height and width of a window"),
    stride: size.optional().describe(
      "Pixels from one window to the next (default: the size)",
    ),
  }),
  globalAvgPool: z.strictObject({ type: z.literal("globalAvgPool") }),
  dropout: z.strictObject({
    type: z.literal("dropout"),
    rate: z.number().min(0).lt(1).describe("Share of values that become 0"),
  }),
  scale: z.strictObject({
    type: z.literal("scale"),
    factor: z.number().describe("Factor by which values are multiplied"),
    offset: z.number().default(0).describe("Number that is then added"),
  }),
  flatten: z.strictObject({ type: z.literal("flatten") }),
} as const;

const residual = z.strictObject({
  type: z.literal("residual"),
  name: name.describe(
    "First part of the names of its weights (default: block1 and so on)",
  ),
  get layers() {
    return z.array(layerSchema).min(1).max(200).describe(
      "Layers whose output is added to the shortcut",
    );
  },
  shortcut: z.enum(namesOf(shortcuts)).default("identity").describe(
    `How the input is added: ${describe(shortcuts)}`,
  ),
});

/** One layer of a network. */
export const layerSchema: z.ZodType<Layer, LayerInput> = z.discriminatedUnion(
  "type",
  [residual, ...Object.values(layerSchemas)],
) as unknown as z.ZodType<Layer, LayerInput>;
