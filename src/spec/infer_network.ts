import { layerSchemas, shortcuts } from "./layers.ts";
import type { Shortcut } from "./names.ts";
import type { Layer, Network } from "./network_types.ts";
import { namesOf } from "./term.ts";

/** Shape of the images and number of classes of a data set. */
export interface ModelInput {
  /** Height, width and channels of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes, at least 2. */
  readonly classes: number;
}

/** What images are taken to be where nothing else is known. */
export const usualInput: ModelInput = { shape: [32, 32, 3], classes: 10 };

/** One parameter of a network: PyTorch's name, TensorFlow.js's layout. */
export interface Parameter {
  /** Name as PyTorch's `state_dict` would have it, such as `conv1.weight`. */
  readonly name: string;
  /** Shape: `[h, w, in, out]`, `[in, out]` or `[out]`. */
  readonly shape: readonly number[];
  /**
   * What it is: `weight` and `bias` are drawn at random; `scale` begins as ones,
   * `shift` as zeros; `mean` and `variance` are running statistics.
   */
  readonly kind: "weight" | "bias" | "scale" | "shift" | "mean" | "variance";
  /** Number of inputs of one output of its layer. */
  readonly fanIn: number;
  /** How it begins, where it is not drawn at random. */
  readonly initial?: Initial | undefined;
  /** Whether training changes it by its gradient. */
  readonly isTrained: boolean;
  /** Of a parameter with one value, or one row, per value of a flattened image. */
  readonly flattened?: Flattened | undefined;
}

/** Initial values of the filters or biases of a convolution. */
export type Initial = {
  readonly name: "identity";
} | {
  readonly name: "whitening";
  /** What the pixels have been multiplied by, and what was then added. */
  readonly factor: number;
  readonly offset: number;
};

/**
 * Shape of the images that a vector was flattened from, in this order; PyTorch
 * would have flattened `[c, h, w]`.
 */
export type Flattened = readonly [
  height: number,
  width: number,
  channels: number,
];

/**
 * Every stride-th pixel, followed by channels of zeros: the shortcut without
 * weights (He et al. 2016, arXiv:1512.03385, sec. 4.2, option A).
 */
export interface SubsampleLayer {
  /** Type of the layer. */
  readonly type: "subsample";
  /** Pixels from one that is kept to the next. */
  readonly stride: number;
  /** Channels of the output. */
  readonly channels: number;
}

/** What is inferred of a layer of one type. */
export interface Inferred<Type extends (Layer | SubsampleLayer)["type"]> {
  /** The layer. */
  readonly layer: Extract<Layer | SubsampleLayer, { type: Type }>;
  /** First part of its parameters' names; empty for layers without weights. */
  readonly name: string;
  /** Where it is, for messages, such as `layer 3 (conv)`. */
  readonly place: string;
  /** Shape of one image on the way in: `[h, w, c]` or `[n]`. */
  readonly input: readonly number[];
  /** Shape on the way out. */
  readonly output: readonly number[];
  /** Where its input is a flattened image, or one whose values changed since. */
  readonly flattened?: Flattened | undefined;
  /** Its parameters, in PyTorch's order; those of inner layers are theirs. */
  readonly parameters: readonly Parameter[];
  /** Multiply-adds of one image, inner layers included. */
  readonly multiplyAdds: number;
  /** The layers of a residual block. */
  readonly layers?: readonly InferredLayer[];
  /** Its shortcut; none if the input is added as it is. */
  readonly shortcut?: readonly InferredLayer[];
}

/** A layer with its shapes and parameters. */
export type InferredLayer<
  Type extends (Layer | SubsampleLayer)["type"] =
    (Layer | SubsampleLayer)["type"],
> = Type extends (Layer | SubsampleLayer)["type"] ? Inferred<Type> : never;

/** A network with its shapes and parameters for one data set. */
export interface InferredNetwork {
  /** What its images are. */
  readonly input: ModelInput;
  /** Its layers. */
  readonly layers: readonly InferredLayer[];
  /** All parameters, in the order of the layers. */
  readonly parameters: readonly Parameter[];
  /** Multiply-adds of a forward pass of one image. */
  readonly multiplyAdds: number;
  /** Values of all layers for one image, the zeros around them included. */
  readonly values: number;
  /**
   * The layer, if any, that needs at least two images in a training step: batch
   * normalisation with one value per image and channel.
   */
  readonly needsPair?: string | undefined;
  /** Dropout layers with a rate above 0, in order: rate, shape of one image. */
  readonly dropouts: readonly {
    readonly rate: number;
    readonly shape: readonly number[];
  }[];
}

/**
 * Works out the shapes and parameters of a network.
 *
 * @throws {RangeError} If a layer does not fit what comes before it, or the last
 * does not give one number per class; the message names the layer and the shape.
 */
export function inferNetwork(
  network: Network,
  input: ModelInput,
): InferredNetwork {
  const layers = inferLayers(network.layers, input.shape, {
    classes: input.classes,
    prefix: "",
    place: "",
    names: new Set(),
    pixels: { factor: 1, offset: 0 },
  });
  const last = layers.at(-1)!;
  if (last.output.length !== 1 || last.output[0] !== input.classes) {
    throw new RangeError(
      `${last.place} must have ${input.classes} outputs, one per class, got shape ${
        show(last.output)
      }`,
    );
  }
  const all = [...flatten(layers)];
  const values = requireSize(all);
  return {
    input,
    values,
    layers,
    parameters: all.flatMap(({ parameters }) => parameters),
    multiplyAdds: sum(layers),
    needsPair: all.find(({ layer, input }) =>
      layer.type === "batchNorm" && product(input.slice(0, -1)) === 1
    )?.place,
    dropouts: all.flatMap(({ layer, output }) =>
      layer.type === "dropout" && layer.rate > 0
        ? [{ rate: layer.rate, shape: output }]
        : []
    ),
  };
}

/** Most parameters of a network, and most values of its layers for one image. */
const most = 2 ** 28;

/**
 * Refuses a network too large for memory before anything is allocated.
 *
 * @returns Values of its layers for one image.
 */
function requireSize(layers: readonly InferredLayer[]): number {
  let parameters = 0;
  let values = 0;
  for (const inferred of layers) {
    const { place, output, parameters: own } = inferred;
    parameters += own.reduce((total, { shape }) => total + product(shape), 0);
    values += Math.max(product(output), paddedSize(inferred));
    const [count, what] = parameters > most
      ? [parameters, "parameters"]
      : [values, "values per image"];
    if (count > most) {
      throw new RangeError(
        `${place} brings the network to ${
          count.toLocaleString("en")
        } ${what}: at most ${most.toLocaleString("en")} are possible`,
      );
    }
  }
  return values;
}

/** Values of an image with the zeros that a convolution adds around it. */
function paddedSize({ layer, input }: InferredLayer): number {
  if (layer.type !== "conv") return 0;
  const [height, width, channels] = input as [number, number, number];
  const added = 2 * layer.padding!;
  return (height + added) * (width + added) * channels;
}

/** Layers in the order in which they compute, inner ones in place of blocks. */
function* flatten(layers: readonly InferredLayer[]): Generator<InferredLayer> {
  for (const layer of layers) {
    if (layer.layer.type !== "residual") yield layer;
    yield* flatten(layer.layers ?? []);
    yield* flatten(layer.shortcut ?? []);
  }
}

/** What is known around a layer. */
interface Around {
  readonly classes: number;
  /** First part of names, with a dot at its end. */
  readonly prefix: string;
  /** First part of places. */
  readonly place: string;
  /** Full names that are taken. */
  readonly names: Set<string>;
  /** What has become of the pixels, as long as nothing but scaling has. */
  readonly pixels?:
    | { readonly factor: number; readonly offset: number }
    | undefined;
}

/** Names of weights by type of layer, as PyTorch's users write them. */
const prefixes: { readonly [Type in Layer["type"]]?: string } = {
  conv: "conv",
  dense: "fc",
  batchNorm: "bn",
  residual: "block",
};

function inferLayers(
  layers: readonly Layer[],
  input: readonly number[],
  around: Around,
): InferredLayer[] {
  const counts = new Map<string, number>();
  let flattened: Flattened | undefined;
  let pixels = around.pixels;
  let shape = input;
  return layers.map((layer, index) => {
    const place = `${around.place}layer ${index + 1} (${layer.type})`;
    const inferred = inferLayer(layer, shape, {
      ...around,
      place,
      name: nameOf(layer, { ...around, counts, place }),
      flattened,
      pixels,
    });
    pixels = layer.type === "scale" && pixels !== undefined
      ? {
        factor: pixels.factor * layer.factor,
        offset: pixels.offset * layer.factor + layer.offset,
      }
      : undefined;
    if (layer.type === "flatten" && shape.length === 3) {
      flattened = [...shape] as unknown as Flattened;
    } else if (layer.type === "dense") flattened = undefined;
    shape = inferred.output;
    return inferred;
  });
}

function nameOf(
  layer: Layer,
  { prefix, counts, names, place }: Around & { counts: Map<string, number> },
): string {
  const base = prefixes[layer.type];
  if (base === undefined) return "";
  const count = (counts.get(base) ?? 0) + 1;
  counts.set(base, count);
  const own = "name" in layer ? layer.name : undefined;
  const name = `${prefix}${own ?? `${base}${count}`}`;
  if (names.has(name)) {
    throw new RangeError(`${place} has the name "${name}" of an earlier layer`);
  }
  names.add(name);
  return name;
}

interface Here extends Around {
  /** Full name of the layer's weights. */
  readonly name: string;
  /** Whether and how its input was flattened. */
  readonly flattened: Flattened | undefined;
}

function inferLayer(
  layer: Layer,
  input: readonly number[],
  here: Here,
): InferredLayer {
  const found = {
    layer,
    name: here.name,
    place: here.place,
    input,
    ...(here.flattened && { flattened: here.flattened }),
    parameters: [],
    multiplyAdds: 0,
    ...(inferrers[layer.type] as Infer<Layer["type"]>)(layer, input, here),
  };
  if (found.output.some((extent) => extent < 1)) {
    throw new RangeError(
      `${here.place} leaves nothing of its input of shape ${show(input)}`,
    );
  }
  return found as InferredLayer;
}

/** What there is to say of a layer, where it is not the usual. */
interface Findings {
  readonly output: readonly number[];
  readonly layer?: Layer;
  readonly parameters?: readonly Parameter[];
  readonly multiplyAdds?: number;
  readonly layers?: readonly InferredLayer[];
  readonly shortcut?: readonly InferredLayer[];
}

type Infer<Type extends Layer["type"]> = (
  layer: Extract<Layer, { type: Type }>,
  input: readonly number[],
  here: Here,
) => Findings;

const same = (_: Layer, input: readonly number[]) => ({ output: input });

const inferrers: { readonly [Type in Layer["type"]]: Infer<Type> } = {
  conv(layer, input, here) {
    const { filters, kernel, stride, bias, frozen } = layer;
    const [height, width, channels] = images(input, here);
    if (layer.padding === undefined && kernel % 2 === 0) {
      throw new RangeError(
        `${here.place} has a kernel of ${kernel}, which no padding centres: it needs "padding"`,
      );
    }
    const padding = layer.padding ?? Math.floor(kernel / 2);
    const extent = (side: number) =>
      Math.floor((side + 2 * padding - kernel) / stride) + 1;
    const output = [extent(height), extent(width), filters];
    const fanIn = kernel * kernel * channels;
    const initial = initialOf(layer, input, here);
    return {
      layer: { ...layer, padding },
      output,
      parameters: weightAndBias(here.name, {
        shape: [kernel, kernel, channels, filters],
        fanIn,
        bias,
        frozen,
        initial,
      }),
      multiplyAdds: fanIn * product(output),
    };
  },
  dense(layer, input, here) {
    const { bias, frozen } = layer;
    const units = layer.units ?? here.classes;
    if (input.length !== 1) {
      throw new RangeError(
        `${here.place} needs a vector, got images of shape ${
          show(input)
        }: a layer "flatten" or "globalAvgPool" must come before it`,
      );
    }
    const fanIn = input[0]!;
    return {
      layer: { ...layer, units },
      output: [units],
      parameters: weightAndBias(here.name, {
        shape: [fanIn, units],
        fanIn,
        bias,
        frozen,
        flattened: here.flattened,
      }),
      multiplyAdds: fanIn * units,
    };
  },
  batchNorm({ scale, shift, frozen }, input, { name, flattened }) {
    const channels = input.at(-1)!;
    const parameter = (
      part: string,
      kind: Parameter["kind"],
      isTrained: boolean,
    ): Parameter => ({
      name: `${name}.${part}`,
      shape: [channels],
      kind,
      fanIn: 1,
      isTrained,
      ...(flattened && { flattened }),
    });
    return {
      output: input,
      parameters: [
        ...(scale ? [parameter("weight", "scale", !frozen)] : []),
        ...(shift ? [parameter("bias", "shift", !frozen)] : []),
        parameter("running_mean", "mean", false),
        parameter("running_var", "variance", false),
      ],
    };
  },
  relu: same,
  maxPool: pool,
  avgPool: pool,
  globalAvgPool: (_, input, here) => ({ output: [images(input, here)[2]] }),
  dropout: same,
  scale: same,
  flatten: (_, input) => ({ output: [product(input)] }),
  residual(layer, input, here) {
    const around = {
      ...here,
      prefix: `${here.name}.`,
      place: `${here.place}, `,
    };
    images(input, here);
    const layers = inferLayers(layer.layers, input, around);
    const output = layers.at(-1)!.output;
    const shortcut = inferShortcut(layer, { input, output, layers, around });
    return {
      output,
      layers,
      shortcut,
      multiplyAdds: sum(layers) + sum(shortcut),
    };
  },
};

function pool(
  layer: Extract<Layer, { type: "maxPool" | "avgPool" }>,
  input: readonly number[],
  here: Here,
): Findings {
  const stride = layer.stride ?? layer.size;
  const [height, width, channels] = images(input, here);
  const extent = (side: number) => Math.floor((side - layer.size) / stride) + 1;
  return {
    layer: { ...layer, stride },
    output: [extent(height), extent(width), channels],
  };
}

function inferShortcut(
  { shortcut }: Extract<Layer, { type: "residual" }>,
  { input, output, layers, around }: {
    input: readonly number[];
    output: readonly number[];
    layers: readonly InferredLayer[];
    around: Here;
  },
): InferredLayer[] {
  const place = around.place.slice(0, -2);
  const stride = requireShortcut(shortcut, { input, output, place });
  const channels = output.at(-1)!;
  if (shortcut === "identity") return [];
  if (shortcut === "pad") {
    return [{
      layer: { type: "subsample", stride, channels },
      name: "",
      place: `${place}, shortcut`,
      input,
      output,
      parameters: [],
      multiplyAdds: 0,
    }];
  }
  const isNormalised = [...flatten(layers)].some(({ layer }) =>
    layer.type === "batchNorm"
  );
  const conv = layerSchemas.conv.parse({
    type: "conv",
    name: "conv",
    filters: channels,
    kernel: 1,
    stride,
    bias: !isNormalised,
  });
  const batchNorm = layerSchemas.batchNorm.parse({
    type: "batchNorm",
    name: "bn",
  });
  return inferLayers(isNormalised ? [conv, batchNorm] : [conv], input, {
    ...around,
    prefix: `${around.prefix}shortcut.`,
    place: `${place}, shortcut, `,
  });
}

/** The stride of a shortcut that fits; an error that names those that would. */
function requireShortcut(
  shortcut: Shortcut,
  { input, output, place }: {
    input: readonly number[];
    output: readonly number[];
    place: string;
  },
): number {
  const [height, width, channels] = images(input, { place });
  const turns = `${place} turns shape ${show(input)} into ${show(output)}`;
  const [rows, columns, filters] = output;
  if (columns === undefined) {
    throw new RangeError(`${turns}: its layers must give images`);
  }
  // What is one pixel high has any stride in its height.
  const stride = Math.max(
    Math.ceil(height / rows!),
    Math.ceil(width / columns),
  );
  const isStrided = Math.ceil(height / stride) === rows &&
    Math.ceil(width / stride) === columns;
  const fits: Readonly<Record<Shortcut, boolean>> = {
    identity: show(input) === show(output),
    pad: isStrided && filters! >= channels,
    project: isStrided,
  };
  if (fits[shortcut]) return stride;
  const fitting = namesOf(shortcuts).filter((name) => fits[name]);
  throw new RangeError(
    fitting.length === 0
      ? `${turns}, and no shortcut does: one stride must give both its height and its width`
      : `${turns}, so its shortcut must be ${
        fitting.map((name) => `"${name}"`).join(" or ")
      }, got "${shortcut}"`,
  );
}

/** How a convolution begins; an error where it cannot begin so. */
function initialOf(
  { initial, filters, kernel }: Extract<Layer, { type: "conv" }>,
  input: readonly number[],
  { place, pixels }: Here,
): Initial | undefined {
  if (initial !== "whitening") return initial && { name: initial };
  if (pixels === undefined || pixels.factor === 0) {
    throw new RangeError(
      `${place} whitens images, so only layers "scale" may come before it`,
    );
  }
  const [height, width, channels] = input as [number, number, number];
  if (kernel > Math.min(height, width)) {
    throw new RangeError(
      `${place} whitens patches of ${kernel}x${kernel} pixels, which must fit into the images, of ${height}x${width}`,
    );
  }
  const fanIn = kernel * kernel * channels;
  if (filters % 2 !== 0 || filters > 2 * fanIn) {
    throw new RangeError(
      `${place} has eigenvectors and the same negated as filters: an even number of at most ${
        2 * fanIn
      }, got ${filters}`,
    );
  }
  return { name: initial, ...pixels };
}

function weightAndBias(
  name: string,
  { shape, fanIn, bias, frozen, flattened, initial }: {
    shape: readonly number[];
    fanIn: number;
    bias: boolean;
    frozen: boolean;
    flattened?: Flattened | undefined;
    initial?: Initial | undefined;
  },
): Parameter[] {
  const common = { fanIn, isTrained: !frozen, ...(initial && { initial }) };
  return [
    {
      name: `${name}.weight`,
      shape,
      kind: "weight",
      ...common,
      ...(flattened && { flattened }),
    },
    ...(bias
      ? [
        {
          name: `${name}.bias`,
          shape: shape.slice(-1),
          kind: "bias",
          ...common,
        } as const,
      ]
      : []),
  ];
}

function images(
  shape: readonly number[],
  { place }: Pick<Here, "place">,
): [height: number, width: number, channels: number] {
  if (shape.length === 3) return [...shape] as [number, number, number];
  throw new RangeError(`${place} needs images, got shape ${show(shape)}`);
}

const show = (shape: readonly number[]) => `[${shape.join(", ")}]`;

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

const sum = (layers: readonly InferredLayer[]) =>
  layers.reduce((total, { multiplyAdds }) => total + multiplyAdds, 0);
