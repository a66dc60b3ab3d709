import {
  backend,
  broadcast_util,
  getKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs";
import {
  type Activation,
  activationOf,
  hasColumnBias,
} from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** Upper bound of each activation that clamps; undefined does not clamp. */
const clamps: Readonly<Record<Activation, number | undefined>> = {
  linear: undefined,
  relu: Infinity,
  relu6: 6,
};

/**
 * Adds the bias of a fused call, then runs its activation; in place, unless the bias
 * is not one number for each column, or the activation is no clamp.
 *
 * @param y The product, which is used up.
 * @returns The result.
 * @throws {RangeError} If the bias cannot be broadcast to the product.
 */
export function addBias(
  host: KernelHost,
  y: TensorInfo,
  call: KernelCall<"FusedConv2D" | "_FusedMatMul">,
): TensorInfo {
  const { bias } = call.inputs;
  const activation = activationOf(call);
  const most = clamps[activation ?? "linear"];
  const isColumn = hasColumnBias(call, y.shape.at(-1)!);
  const sum = bias && !isColumn ? broadcastBias(y, bias) : y;
  if (bias && isColumn || most !== undefined) {
    host.kernels.addBias(
      host.address(sum),
      util.sizeFromShape(sum.shape.slice(0, -1)),
      sum.shape.at(-1)!,
      bias && isColumn ? host.address(bias) : 0,
      most !== undefined,
      most ?? 0,
      host.address(sum),
    );
  }
  return activation ? sum : activate(sum, call);
}

/** Kernels of the activations of fused calls, which have the same names. */
const activations = ["Elu", "LeakyRelu", "Prelu", "Relu", "Relu6", "Sigmoid"];

/**
 * Runs the activation of a fused call by the kernel of its own.
 *
 * @param y What it is for, which is used up.
 * @throws {TypeError} If there is no such activation.
 */
export function activate(
  y: TensorInfo,
  { inputs, attrs }: KernelCall<"FusedConv2D" | "_FusedMatMul">,
): TensorInfo {
  const { activation = "linear", leakyreluAlpha } = attrs;
  if (activation === "linear") return y;
  const name = activations.find((name) => name.toLowerCase() === activation);
  if (name === undefined) {
    free(y);
    throw new TypeError(
      `"activation" must be one of linear, ${
        activations.join(", ").toLowerCase()
      }, got "${activation}"`,
    );
  }
  const alpha = inputs.preluActivationWeights;
  return replace(y, name, {
    inputs: { x: y, ...(alpha && { alpha }) },
    attrs: { alpha: leakyreluAlpha ?? 0 },
  });
}

/** Runs a kernel by its name on a product, and frees that, also after an error. */
function replace(
  y: TensorInfo,
  name: string,
  { inputs, attrs }: {
    inputs: NamedTensorInfoMap;
    attrs: NamedAttrMap;
  },
): TensorInfo {
  try {
    return getKernel(name, "wasm")!.kernelFunc({
      inputs,
      attrs,
      backend: backend(),
    }) as TensorInfo;
  } finally {
    free(y);
  }
}

/** Frees a product that is no tensor yet: only the backend knows of it. */
function free({ dataId }: TensorInfo): void {
  backend().disposeData(dataId);
}

/** A product plus a bias of any shape, as `tf.add` would have it. */
function broadcastBias(y: TensorInfo, bias: TensorInfo): TensorInfo {
  const shape = broadcast_util.assertAndGetBroadcastShape(y.shape, bias.shape);
  if (shape.join() !== y.shape.join()) {
    free(y);
    throw new RangeError(
      `The bias of a product of shape [${
        y.shape.join(", ")
      }] must be broadcast to it, got shape [${bias.shape.join(", ")}]`,
    );
  }
  return replace(y, "Add", { inputs: { a: y, b: bias }, attrs: {} });
}

/** A bias for each channel, then relu, after a convolution of any kind. */
export const addChannelBias: WasmKernel<"DupbenchAddBias"> = {
  name: "DupbenchAddBias",
  run(host, { inputs: { x, bias }, attrs: { relu } }) {
    const y = host.output(x.shape);
    host.kernels.addBias(
      host.address(x),
      util.sizeFromShape(x.shape.slice(0, -1)),
      x.shape.at(-1)!,
      host.address(bias),
      relu,
      Infinity,
      host.address(y),
    );
    return y;
  },
};
