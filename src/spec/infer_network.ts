import type { Layer } from "./layers.ts";
import type { Network } from "./network.ts";

/** Shape of the images and number of classes of a data set. */
export interface ModelInput {
  /** Height, width and channels of an image. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Number of classes, at least 2. */
  readonly classes: number;
}

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
  /** Whether training changes it by its gradient. */
  readonly isTrained: boolean;
  /**
   * Shape of the images that were flattened before this dense layer: PyTorch
   * would have flattened `[c, h, w]`.
   */
  readonly flattened?: readonly [h: number, w: number, c: number] | undefined;
}

/**
 * Every stride-th pixel, followed by channels of zeros: the shortcut without
 * weights (He et al. 2016, arXiv:1512.03385, sec. 4.2, option A).
 */
export interface SubsampleLayer {
  readonly type: "subsample";
  /** Pixels from one that is kept to the next. */
  readonly stride: number;
  /** Channels of the output. */
  readonly channels: number;
}

interface Inferred<Type extends (Layer | SubsampleLayer)["type"]> {
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
  /** Dropout layers in order: rate and shape of one image. */
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
  });
  const last = layers.at(-1)!;
  if (last.output.length !== 1 || last.output[0] !== input.classes) {
    throw new RangeError(
      `${last.place} must give ${input.classes} numbers, one per class, got shape ${
        show(last.output)
      }`,
    );
  }
  const all = [...flatten(layers)];
  return {
    input,
    layers,
    parameters: all.flatMap(({ parameters }) => parameters),
    multiplyAdds: sum(layers),
    dropouts: all.flatMap(({ layer, output }) =>
      layer.type === "dropout" && layer.rate > 0
        ? [{ rate: layer.rate, shape: output }]
        : []
    ),
  };
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
  let flattened: Parameter["flattened"];
  let shape = input;
  return layers.map((layer, index) => {
    const place = `${around.place}layer ${index + 1} (${layer.type})`;
    const inferred = inferLayer(layer, shape, {
      ...around,
      place,
      name: nameOf(layer, { ...around, counts, place }),
      flattened,
    });
    if (layer.type === "flatten" && shape.length === 3) {
      flattened = shape as unknown as Parameter["flattened"];
    } else if (inferred.parameters.length > 0) flattened = undefined;
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
  /** See {@linkcode Parameter}. */
  readonly flattened: Parameter["flattened"];
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
    const padding = layer.padding ?? Math.floor(kernel / 2);
    const extent = (side: number) =>
      Math.floor((side + 2 * padding - kernel) / stride) + 1;
    const output = [extent(height), extent(width), filters];
    const fanIn = kernel * kernel * channels;
    return {
      layer: { ...layer, padding },
      output,
      parameters: weightAndBias(here.name, {
        shape: [kernel, kernel, channels, filters],
        fanIn,
        bias,
        frozen,
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
  batchNorm({ scale, shift, frozen }, input, { name }) {
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
  if (shortcut === "identity") {
    if (show(input) === show(output)) return [];
    throw new RangeError(
      `${place} turns shape ${show(input)} into ${
        show(output)
      }: its shortcut must be "pad" or "project"`,
    );
  }
  const [height, width, channels] = images(input, { place });
  const [rows, columns, filters] = images(output, { place });
  const stride = Math.ceil(height / rows);
  const fits = Math.ceil(height / stride) === rows &&
    Math.ceil(width / stride) === columns &&
    (shortcut === "project" || filters >= channels);
  if (!fits) {
    throw new RangeError(
      `${place} turns shape ${show(input)} into ${
        show(output)
      }, which the shortcut "${shortcut}" cannot`,
    );
  }
  if (shortcut === "pad") {
    return [{
      layer: { type: "subsample", stride, channels: filters },
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
  return inferLayers(
    [
      {
        type: "conv",
        name: "conv",
        filters,
        kernel: 1,
        stride,
        padding: 0,
        bias: !isNormalised,
        frozen: false,
      },
      ...(isNormalised
        ? [
          {
            type: "batchNorm",
            name: "bn",
            momentum: 0.1,
            epsilon: 1e-5,
            scale: true,
            shift: true,
            frozen: false,
          } as const,
        ]
        : []),
    ],
    input,
    {
      ...around,
      prefix: `${around.prefix}shortcut.`,
      place: `${place}, shortcut, `,
    },
  );
}

function weightAndBias(
  name: string,
  { shape, fanIn, bias, frozen, flattened }: {
    shape: readonly number[];
    fanIn: number;
    bias: boolean;
    frozen: boolean;
    flattened?: Parameter["flattened"];
  },
): Parameter[] {
  const common = { fanIn, isTrained: !frozen };
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
