import { z } from "zod";

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

/** How the input of a residual block reaches its output. */
export type Shortcut = "identity" | "pad" | "project";

/** Names of the shortcuts of residual blocks. */
export const shortcuts = [
  "identity",
  "pad",
  "project",
] as const satisfies readonly Shortcut[];

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
      "Share of the batch in the new running statistics, as PyTorch counts it",
    ),
    epsilon: z.number().gt(0).max(1).default(1e-5).describe(
      "Added to the variance",
    ),
    scale: z.boolean().default(true).describe("Whether it has a learned scale"),
    shift: z.boolean().default(true).describe("Whether it has a learned shift"),
    frozen: z.boolean().default(false).describe(
      "Whether scale and shift keep their initial values, 1 and 0; batches are normalised, and running statistics move, all the same",
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
    factor: z.number().describe("What values are multiplied by"),
    offset: z.number().default(0).describe("What is then added"),
  }),
  flatten: z.strictObject({ type: z.literal("flatten") }),
} as const;

/** A layer that holds no other layers, defaults filled in. */
export type PlainLayer = z.output<
  typeof layerSchemas[keyof typeof layerSchemas]
>;

/** The same as written in a file. */
export type PlainLayerInput = z.input<
  typeof layerSchemas[keyof typeof layerSchemas]
>;

/** Layers whose output is added to that of a shortcut (He et al. 2016). */
export interface Residual<L> {
  readonly type: "residual";
  /** First part of the names of its weights; default `block1`, `block2` ... */
  readonly name?: string | undefined;
  /** The layers of the long way. */
  readonly layers: readonly L[];
}

/** A layer of a network, defaults filled in. */
export type Layer =
  | PlainLayer
  | (Residual<Layer> & { readonly shortcut: Shortcut });

/** A layer as written in a file, defaults left out. */
export type LayerInput =
  | PlainLayerInput
  | (Residual<LayerInput> & { readonly shortcut?: Shortcut | undefined });

const residual = z.strictObject({
  type: z.literal("residual"),
  name,
  get layers() {
    return z.array(layerSchema).min(1).max(200).describe(
      "Layers whose output is added to the shortcut",
    );
  },
  shortcut: z.enum(shortcuts).default("identity").describe(
    "How the input is added: as it is; every stride-th pixel, with channels of zeros (pad); or through a convolution 1x1, with batch normalisation if the block has any (project)",
  ),
});

/** One layer of a network. */
export const layerSchema: z.ZodType<Layer, LayerInput> = z.discriminatedUnion(
  "type",
  [residual, ...Object.values(layerSchemas)],
) as unknown as z.ZodType<Layer, LayerInput>;
