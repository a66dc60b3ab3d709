import type { TensorInfo } from "@tensorflow/tfjs";
import type { ConvolutionAttrs, PoolingAttrs } from "./window.ts";

/** Inputs of these names, all present. */
type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** A bias that may be absent. */
interface Bias {
  readonly bias?: TensorInfo | null | undefined;
}

interface MatrixAttrs {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

interface ActivationAttrs {
  readonly activation?: string;
}

interface InputShape {
  readonly inputShape: [number, number, number, number];
}

interface FilterShape {
  readonly filterShape: [number, number, number, number];
}

/** No attributes are read. */
type None = object;

/**
 * What each kernel takes, by its name in TensorFlow.js's registry: the one
 * description that the operations which call a kernel and the backends which
 * implement it share. Names that begin with "Dupbench" are ours; the others are
 * TensorFlow.js's, with the attributes that our kernels read.
 */
export interface KernelSignatures {
  AvgPoolGrad: { inputs: Inputs<"dy" | "input">; attrs: PoolingAttrs };
  BatchMatMul: { inputs: Inputs<"a" | "b">; attrs: MatrixAttrs };
  Conv2D: { inputs: Inputs<"x" | "filter">; attrs: ConvolutionAttrs };
  Conv2DBackpropFilter: {
    inputs: Inputs<"x" | "dy">;
    attrs: ConvolutionAttrs & FilterShape;
  };
  Conv2DBackpropInput: {
    inputs: Inputs<"dy" | "filter">;
    attrs: ConvolutionAttrs & InputShape;
  };
  DepthwiseConv2dNativeBackpropFilter: {
    inputs: Inputs<"x" | "dy">;
    attrs: ConvolutionAttrs & FilterShape;
  };
  DepthwiseConv2dNativeBackpropInput: {
    inputs: Inputs<"dy" | "filter">;
    attrs: ConvolutionAttrs & InputShape;
  };
  FusedConv2D: {
    inputs: Inputs<"x" | "filter"> & Bias;
    attrs: ConvolutionAttrs & ActivationAttrs;
  };
  Identity: { inputs: Inputs<"x">; attrs: None };
  MaxPool: { inputs: Inputs<"x">; attrs: PoolingAttrs };
  MaxPoolGrad: { inputs: Inputs<"dy" | "input">; attrs: PoolingAttrs };
  Relu: { inputs: Inputs<"x">; attrs: None };
  Sum: {
    inputs: Inputs<"x">;
    attrs: {
      readonly axis?: number | number[];
      readonly keepDims?: boolean;
    };
  };
  _FusedMatMul: {
    inputs: Inputs<"a" | "b"> & Bias;
    attrs: MatrixAttrs & ActivationAttrs;
  };

  /** Convolution, bias, relu, 2x2 max pooling; gives the winners too. */
  DupbenchConvReluPool: {
    inputs: Inputs<"x" | "filter" | "bias">;
    attrs: None;
  };
  /** Its gradient for the bias. */
  DupbenchConvReluPoolBiasGrad: {
    inputs: Inputs<"dy" | "winners">;
    attrs: None;
  };
  /** Its gradient for the filters. */
  DupbenchConvReluPoolFilterGrad: {
    inputs: Inputs<"x" | "dy" | "winners">;
    attrs: FilterShape;
  };
  /** Its gradient for the images. */
  DupbenchConvReluPoolInputGrad: {
    inputs: Inputs<"dy" | "filter" | "winners">;
    attrs: InputShape;
  };
  /** Sums element by element, of equal shapes; `into` may be an input. */
  DupbenchAdd: { inputs: Inputs<"a" | "b">; attrs: None };
  /** Sums of the columns of `[..., k]`, shape `[k]`. */
  DupbenchColumnSums: { inputs: Inputs<"x">; attrs: None };
  /** How many rows of `[b, ...]` are all zeros (NaN is not), shape `[]`. */
  DupbenchCountZeroRows: { inputs: Inputs<"x">; attrs: None };
  /** The mean of all numbers, shape `[]`; NaN of none. */
  DupbenchMean: { inputs: Inputs<"x">; attrs: None };
  /** Products element by element, of equal shapes; `into` may be an input. */
  DupbenchMultiply: { inputs: Inputs<"a" | "b">; attrs: None };
  /** `x * factor`, plus `offset` unless that is 0; `into` may be `x`. */
  DupbenchScale: {
    inputs: Inputs<"x">;
    attrs: { readonly factor: number; readonly offset: number };
  };
  /** A batch made from images that are bytes on the device. */
  DupbenchGatherImages: {
    inputs: Inputs<"bytes" | "units" | "picks">;
    attrs: { readonly shape: readonly [number, number, number] };
  };
  /** One step of an L-infinity attack. */
  DupbenchLinfStep: {
    inputs: Inputs<"current" | "gradient" | "original">;
    attrs: {
      readonly epsilon: number;
      readonly stepSize: number;
      /** Smallest pixel of the result, in `[0, 1)`; default 0. */
      readonly lowest?: number | undefined;
    };
  };
  /** Gradient of relu in one pass. */
  DupbenchReluGrad: { inputs: Inputs<"dy" | "x">; attrs: None };
  /** Losses, and their gradients for the logits. */
  DupbenchSoftmaxCrossEntropy: {
    inputs: Inputs<"logits" | "labels">;
    attrs: None;
  };
  /** New weight and velocity of SGD with momentum. */
  DupbenchSgdStep: {
    inputs: Inputs<"weight" | "velocity" | "gradient">;
    attrs: SgdStepOptions;
  };
  /** New weight, mean and square of Adam. */
  DupbenchAdamStep: {
    inputs: Inputs<"weight" | "mean" | "square" | "gradient">;
    attrs: AdamStepOptions;
  };
}

/** Numbers of a step of SGD. */
export interface SgdStepOptions {
  /** Learning rate. */
  readonly learningRate: number;
  /** Share of the velocity that is kept, in `[0, 1)`. */
  readonly momentum: number;
  /** Share of the weight that is added to the gradient, 0 or more. */
  readonly weightDecay: number;
}

/** Numbers of step t of Adam, t counted from 1. */
export interface AdamStepOptions {
  /** Learning rate over `1 - beta1^t`. */
  readonly rate: number;
  /** Square root of `1 - beta2^t`. */
  readonly root: number;
  /** Share of the mean that is kept, in `[0, 1)`. */
  readonly beta1: number;
  /** Share of the square that is kept, in `[0, 1)`. */
  readonly beta2: number;
  /** Added to the root of the square. */
  readonly epsilon: number;
  /** Share of the weight that is added to the gradient, 0 or more. */
  readonly weightDecay: number;
}

/** The name of a kernel in TensorFlow.js's registry. */
export type KernelName = keyof KernelSignatures;

/** What a kernel is called with. */
export interface KernelCall<Name extends KernelName = KernelName> {
  /** Input tensors by name. */
  readonly inputs: KernelSignatures[Name]["inputs"];
  /** Attributes by name. */
  readonly attrs: KernelSignatures[Name]["attrs"];
}

/**
 * One kernel of a backend.
 *
 * @typeParam Host What the kernel computes with: our kernels bound to one
 * backend of TensorFlow.js.
 */
export interface TrainingKernel<Host, Name extends KernelName = KernelName> {
  /** Its name in TensorFlow.js's registry. */
  readonly name: Name;
  /**
   * Computes it. All inputs are float32 if it replaces an official kernel,
   * unless `anyType` is set.
   */
  run(host: Host, call: KernelCall<Name>): TensorInfo | TensorInfo[];
  /** Whether it also takes types other than float32. */
  readonly anyType?: boolean;
  /** Whether a call is one of ours; otherwise the official kernel gets it. */
  accepts?(call: KernelCall<Name>): boolean;
}
