import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelCall, KernelName } from "../kernels/common/kernel.ts";
import type { Recorder } from "../kernels/common/recorder.ts";
import type { InferredLayer, Parameter } from "../spec/infer_network.ts";

/** What the calls of a network are recorded with. */
export interface Lowering {
  /** Where calls go. */
  readonly recorder: Recorder;
  /** Whether the backend has a kernel that can be recorded. */
  readonly has: HasKernel;
  /** The memory of a parameter. */
  parameterOf(parameter: Parameter): TensorInfo;
  /** The layers after the one that is recorded, those around its block included. */
  readonly next?: readonly InferredLayer[] | undefined;
  /** Those of them that are in the same block. */
  readonly inBlock?: readonly InferredLayer[] | undefined;
  /**
   * Whether it is a training step: batch normalisation then uses the statistics
   * of the batch and updates the running ones.
   */
  readonly isTraining?: boolean | undefined;
  /** The factors of the next dropout layer; absent: no dropout. */
  readonly takeFactors?: (() => TensorInfo) | undefined;
  /**
   * Takes the gradient of a trained parameter, when no later call reads the
   * parameter: its update may be recorded at once. Absent: these gradients are
   * not computed.
   */
  readonly takeGradient?:
    | ((parameter: Parameter, gradient: TensorInfo) => void)
    | undefined;
}

/** Recorded layers. */
export interface Lowered {
  /** What they give. */
  readonly output: TensorInfo;
  /** Whether they have parameters whose gradients are computed. */
  readonly isTrained: boolean;
  /**
   * Records the gradients. Called at most once, after all of the forward pass.
   *
   * @param dy Gradient of the loss for the output.
   * @param needsInput Whether the gradient for the input is computed.
   * @returns The gradient for the input, where it is needed.
   */
  backward(dy: TensorInfo, needsInput: boolean): TensorInfo | undefined;
}

/** Whether a backend has a kernel that can be recorded. */
export type HasKernel = (kernel: KernelName) => boolean;

/** Types of layers, that of shortcuts without weights included. */
export type LayerType = InferredLayer["layer"]["type"];

/** How a layer is recorded, or neighbours that are recorded together. */
export interface LayerLowering<Type extends LayerType> {
  /**
   * Kernels that it may call, gradients included.
   *
   * @param has Whether the backend has a kernel that can be recorded.
   */
  kernels(layer: InferredLayer<Type>, has: HasKernel): readonly KernelName[];
  /** Records its forward pass. */
  lower(
    layer: InferredLayer<Type>,
    x: TensorInfo,
    lowering: Lowering,
  ): Lowered;
}

/** Records a call of a kernel with one result. */
export function record<Name extends KernelName>(
  { recorder }: Lowering,
  name: Name,
  call: KernelCall<Name>,
): TensorInfo {
  return recorder.call(name, call)[0]!;
}

/** The gradient that relu, of result y, lets pass: where y is positive or NaN. */
export function passRelu(
  lowering: Lowering,
  { dy, y, relu }: { dy: TensorInfo; y: TensorInfo; relu: boolean },
): TensorInfo {
  return relu
    ? record(lowering, "DupbenchReluGrad", { inputs: { dy, x: y }, attrs: {} })
    : dy;
}

/** The parameters of a layer with weights, and whether they are trained. */
export function weightsOf(
  { parameters }: InferredLayer,
  lowering: Lowering,
) {
  const weight = parameters.find(({ kind }) => kind === "weight")!;
  const bias = parameters.find(({ kind }) => kind === "bias");
  const isTrained = lowering.takeGradient !== undefined && weight.isTrained;
  return {
    weight: lowering.parameterOf(weight),
    bias: bias && lowering.parameterOf(bias),
    isTrained,
    takeWeight: (gradient: TensorInfo) =>
      lowering.takeGradient!(weight, gradient),
    takeBias: (gradient: TensorInfo) => lowering.takeGradient!(bias!, gradient),
  };
}
