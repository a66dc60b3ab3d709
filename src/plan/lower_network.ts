import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelName } from "../kernels/common/kernel.ts";
import type { InferredLayer } from "../spec/infer_network.ts";
import { batchNorm } from "./lower_batch_norm.ts";
import { conv, convReluPool, isConvReluPool } from "./lower_conv.ts";
import { dense } from "./lower_dense.ts";
import { dropout, flatten, relu, scale } from "./lower_elementwise.ts";
import { avgPool, globalAvgPool, maxPool } from "./lower_pool.ts";
import {
  type HasKernel,
  type LayerLowering,
  type LayerType,
  type Lowered,
  type Lowering,
  passRelu,
  record,
} from "./lowering.ts";

type Shape4D = [number, number, number, number];

/**
 * A residual block: what its layers give, added to what its shortcut gives.
 *
 * @param options `relu`: whether relu follows.
 */
function residual({ relu }: { relu: boolean }): LayerLowering<"residual"> {
  return {
    kernels: ({ layers, shortcut }, has) => [
      "DupbenchAdd",
      "DupbenchReluGrad",
      "DupbenchResidualAdd",
      ...(subsampleOf(shortcut!) !== undefined
        ? ["DupbenchShortcutGrad" as const]
        : kernelsOf(shortcut!, has)),
      ...kernelsOf(layers!, has),
    ],
    lower({ layers, shortcut }, x, lowering) {
      const subsample = subsampleOf(shortcut!);
      const branch = lowerNetwork(layers!, x, lowering);
      // A shortcut without weights is read where it is.
      const other = lowerNetwork(subsample ? [] : shortcut!, x, lowering);
      const stride = subsample?.stride ?? 1;
      const output = record(lowering, "DupbenchResidualAdd", {
        inputs: { x: branch.output, shortcut: other.output },
        attrs: { stride, relu },
      });
      return {
        output,
        isTrained: branch.isTrained || other.isTrained,
        backward(dy, needsInput) {
          const dz = passRelu(lowering, { dy, y: output, relu });
          const a = branch.backward(dz, needsInput);
          const b = subsample && needsInput
            ? record(lowering, "DupbenchShortcutGrad", {
              inputs: { dy: dz },
              attrs: { inputShape: x.shape as Shape4D, stride },
            })
            : other.backward(dz, needsInput);
          return needsInput
            ? record(lowering, "DupbenchAdd", {
              inputs: { a: a!, b: b! },
              attrs: {},
            })
            : undefined;
        },
      };
    },
  };
}

/** The shortcut without weights, if that is what it is. */
function subsampleOf([first]: readonly InferredLayer[]) {
  return first?.layer.type === "subsample" ? first.layer : undefined;
}

const plain = { relu: false };
const withRelu = { relu: true };

/** How each layer is recorded by itself; subsampling is part of its block. */
const lowerings: { [Type in LayerType]?: LayerLowering<Type> } = {
  avgPool,
  batchNorm: batchNorm(plain),
  conv: conv(plain),
  dense: dense(plain),
  dropout,
  flatten,
  globalAvgPool,
  maxPool,
  relu,
  residual: residual(plain),
  scale,
};

/** How each layer is recorded together with the relu that follows it. */
const reluLowerings: { [Type in LayerType]?: LayerLowering<Type> } = {
  batchNorm: batchNorm(withRelu),
  conv: conv(withRelu),
  dense: dense(withRelu),
  residual: residual(withRelu),
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
  if (second?.layer.type === "relu" && reluLowerings[type] !== undefined) {
    return group(2, reluLowerings[type]);
  }
  return group(1, lowerings[type]);
}

/** The kernels that recordings of layers may call. */
function kernelsOf(
  layers: readonly InferredLayer[],
  has: HasKernel,
): KernelName[] {
  return [...groupLayers(layers)].flatMap(({ layer, lowering }) => [
    ...lowering?.kernels(layer, has) ?? [],
  ]);
}

/**
 * The first layer that cannot be recorded.
 *
 * @param has Whether the backend has a kernel that can be recorded.
 */
export function findUnsupported(
  layers: readonly InferredLayer[],
  has: HasKernel,
): InferredLayer | undefined {
  for (const { layer, lowering } of groupLayers(layers)) {
    if (lowering === undefined) return layer;
    const shortcut = layer.shortcut ?? [];
    const found = findUnsupported(layer.layers ?? [], has) ??
      (subsampleOf(shortcut) ? undefined : findUnsupported(shortcut, has));
    if (found !== undefined) return found;
    if (!lowering.kernels(layer, has).every(has)) return layer;
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
  let at = 0;
  for (const { length, layer, lowering: rule } of groupLayers(layers)) {
    at += length;
    const inBlock = layers.slice(at);
    const next = [...inBlock, ...lowering.next ?? []];
    const part = rule!.lower(layer, value, { ...lowering, inBlock, next });
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
