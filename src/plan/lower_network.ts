import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelName } from "../kernels/common/kernel.ts";
import type { InferredLayer } from "../spec/infer_network.ts";
import { conv, convRelu, convReluPool, isConvReluPool } from "./lower_conv.ts";
import { dense, denseRelu } from "./lower_dense.ts";
import { dropout, flatten, relu, scale } from "./lower_elementwise.ts";
import { maxPool } from "./lower_pool.ts";
import {
  type LayerLowering,
  type LayerType,
  type Lowered,
  type Lowering,
  record,
} from "./lowering.ts";

/** A residual block: what its layers give, added to what its shortcut gives. */
const residual: LayerLowering<"residual"> = {
  kernels: ({ layers, shortcut }) => [
    "DupbenchAdd",
    ...kernelsOf(layers!),
    ...kernelsOf(shortcut!),
  ],
  lower({ layers, shortcut }, x, lowering) {
    const branches = [layers!, shortcut!].map((branch) =>
      lowerNetwork(branch, x, lowering)
    ) as [Lowered, Lowered];
    const add = (a: TensorInfo, b: TensorInfo) =>
      record(lowering, "DupbenchAdd", { inputs: { a, b }, attrs: {} });
    return {
      output: add(branches[0].output, branches[1].output),
      isTrained: branches.some(({ isTrained }) => isTrained),
      backward(dy, needsInput) {
        const [a, b] = branches.map((branch) =>
          branch.backward(dy, needsInput)
        );
        return needsInput ? add(a!, b!) : undefined;
      },
    };
  },
};

const lowerings: { [Type in LayerType]?: LayerLowering<Type> } = {
  conv,
  dense,
  dropout,
  flatten,
  maxPool,
  relu,
  residual,
  scale,
};

/** Layers that are recorded together. */
interface Group {
  /** How many layers it takes. */
  readonly length: number;
  /** The first of them. */
  readonly layer: InferredLayer;
  /** How; undefined: there is no way. */
  readonly lowering: LayerLowering<LayerType> | undefined;
}

/**
 * Groups layers as they are recorded: neighbours that one kernel computes are
 * together.
 */
function* groupLayers(layers: readonly InferredLayer[]): Generator<Group> {
  for (let at = 0; at < layers.length;) {
    const group = nextGroup(layers.slice(at));
    yield group;
    at += group.length;
  }
}

function nextGroup(
  [layer, second, third]: readonly InferredLayer[],
): Group {
  const group = (length: number, lowering: unknown) => ({
    length,
    layer: layer!,
    lowering: lowering as Group["lowering"],
  });
  const { type } = layer!.layer;
  if (isConvReluPool(layer!, second, third)) return group(3, convReluPool);
  if (second?.layer.type === "relu") {
    if (type === "conv") return group(2, convRelu);
    if (type === "dense") return group(2, denseRelu);
  }
  return group(1, lowerings[type]);
}

/** The kernels that recordings of layers may call. */
function kernelsOf(layers: readonly InferredLayer[]): KernelName[] {
  return [...groupLayers(layers)].flatMap(({ layer, lowering }) => [
    ...lowering?.kernels(layer) ?? [],
  ]);
}

/**
 * The first layer that cannot be recorded.
 *
 * @param has Whether the backend has a kernel that can be recorded.
 */
export function findUnsupported(
  layers: readonly InferredLayer[],
  has: (kernel: KernelName) => boolean,
): InferredLayer | undefined {
  for (const { layer, lowering } of groupLayers(layers)) {
    if (lowering === undefined) return layer;
    const inner = [...layer.layers ?? [], ...layer.shortcut ?? []];
    const found = findUnsupported(inner, has);
    if (found !== undefined) return found;
    if (!lowering.kernels(layer).every(has)) return layer;
  }
  return undefined;
}

/**
 * Records the forward pass of layers; `backward` of what it returns records
 * their gradients. All of them must be supported.
 *
 * @param x The batch, shape `[b, ...]`.
 */
export function lowerNetwork(
  layers: readonly InferredLayer[],
  x: TensorInfo,
  lowering: Lowering,
): Lowered {
  const parts: Lowered[] = [];
  let value = x;
  for (const group of groupLayers(layers)) {
    const part = group.lowering!.lower(group.layer, value, lowering);
    parts.push(part);
    value = part.output;
  }
  return {
    output: value,
    isTrained: parts.some(({ isTrained }) => isTrained),
    backward(dy, needsInput) {
      const firstTrained = parts.findIndex(({ isTrained }) => isTrained);
      const first = needsInput ? 0 : firstTrained;
      let gradient: TensorInfo | undefined = dy;
      for (let i = parts.length - 1; i >= first && first >= 0; i--) {
        gradient = parts[i]!.backward(gradient!, needsInput || i > first);
      }
      return needsInput ? gradient : undefined;
    },
  };
}
