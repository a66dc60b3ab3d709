import type { TensorInfo } from "@tensorflow/tfjs";
import type { ConvolutionAttrs, PoolingAttrs } from "./window.ts";

/** Inputs of these names, all present. */
type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** A bias, and slopes of prelu, that may be absent. */
interface Bias {
  readonly bias?: TensorInfo | null | undefined;
  readonly preluActivationWeights?: TensorInfo | null | undefined;
}

/** What normalisation takes; scale is 1 and shift 0 where absent. */
type Normalised<Name extends string = never> =
  & Inputs<Name | "x" | "mean" | "variance">
  & {
    readonly scale?: TensorInfo | undefined;
    readonly shift?: TensorInfo | undefined;
  };

/** Numbers of normalisation. */
export interface NormaliseAttrs {
  /** Added to the variance, above 0. */
  readonly epsilon: number;
  /** Whether relu follows. */
  readonly relu: boolean;
}

interface ReluAttrs {
  /** Whether relu follows. */
  readonly relu: boolean;
}

interface MatrixAttrs {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

interface ActivationAttrs {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

interface InputShape {
  readonly inputShape: [number, number, number, number];
}

interface Ties {
  /**
   * Whether outputs of equal windows may differ by rounding: no max pooling
   * chooses between them. Default: they are equal.
   */
  readonly looseTies?: boolean;
}

/** Bounds of a clip. */
export interface ClipAttrs {
  readonly clipValueMin: number;
  readonly clipValueMax: number;
}

interface AxesAttrs {
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
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
  AvgPool: { inputs: Inputs<"x">; attrs: PoolingAttrs };
  AvgPoolGrad: { inputs: Inputs<"dy" | "input">; attrs: PoolingAttrs };
  BatchMatMul: { inputs: Inputs<"a" | "b">; attrs: MatrixAttrs };
  ClipByValue: { inputs: Inputs<"x">; attrs: ClipAttrs };
  Concat: {
    inputs: Readonly<Record<number, TensorInfo>>;
    attrs: { readonly axis: number };
  };
  Conv2D: {
    inputs: Inputs<"x" | "filter">;
    attrs: ConvolutionAttrs & Ties;
  };
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
  FusedBatchNorm: {
    inputs: Inputs<"x" | "mean" | "variance"> & {
      readonly scale?: TensorInfo | null | undefined;
      readonly offset?: TensorInfo | null | undefined;
    };
    attrs: { readonly varianceEpsilon: number };
  };
  FusedConv2D: {
    inputs: Inputs<"x" | "filter"> & Bias;
    attrs: ConvolutionAttrs & ActivationAttrs & Ties;
  };
  GatherV2: {
    inputs: Inputs<"x" | "indices">;
    attrs: { readonly axis: number; readonly batchDims: number };
  };
  Identity: { inputs: Inputs<"x">; attrs: None };
  MaxPool: { inputs: Inputs<"x">; attrs: PoolingAttrs };
  MaxPoolGrad: { inputs: Inputs<"dy" | "input">; attrs: PoolingAttrs };
  Maximum: { inputs: Inputs<"a" | "b">; attrs: None };
  Mean: { inputs: Inputs<"x">; attrs: AxesAttrs };
  Minimum: { inputs: Inputs<"a" | "b">; attrs: None };
  Relu: { inputs: Inputs<"x">; attrs: None };
  Relu6: { inputs: Inputs<"x">; attrs: None };
  Reverse: { inputs: Inputs<"x">; attrs: { readonly dims: number | number[] } };
  Sign: { inputs: Inputs<"x">; attrs: None };
  Slice: {
    inputs: Inputs<"x">;
    attrs: {
      readonly begin: number | number[];
      readonly size: number | number[];
    };
  };
  SplitV: {
    inputs: Inputs<"x">;
    attrs: {
      readonly numOrSizeSplits: number | number[];
      readonly axis: number;
    };
  };
  Sum: { inputs: Inputs<"x">; attrs: AxesAttrs };
  Tanh: { inputs: Inputs<"x">; attrs: None };
  Tile: { inputs: Inputs<"x">; attrs: { readonly reps: number[] } };
  Unpack: { inputs: Inputs<"value">; attrs: { readonly axis: number } };
  _FusedMatMul: {
    inputs: Inputs<"a" | "b"> & Bias;
    attrs: MatrixAttrs & ActivationAttrs;
  };

  /** A bias for each channel, then relu; element by element. */
  DupbenchAddBias: { inputs: Inputs<"x" | "bias">; attrs: ReluAttrs };
  /** The mean over all pixels of `[b, h, w, c]`, shape `[b, c]`. */
  DupbenchGlobalAvgPool: { inputs: Inputs<"x">; attrs: None };
  /** Its gradient. */
  DupbenchGlobalAvgPoolGrad: { inputs: Inputs<"dy">; attrs: InputShape };
  /**
   * Max pooling of windows of at most 255 pixels. Gives the winners too, in the
   * form of the backend.
   */
  DupbenchMaxPool: { inputs: Inputs<"x">; attrs: PoolingAttrs };
  /** Its gradient. */
  DupbenchMaxPoolGrad: {
    inputs: Inputs<"dy" | "winners">;
    attrs: PoolingAttrs & InputShape;
  };
  /**
   * Mean and biased variance of each channel of `[..., c]`, over all other axes:
   * two results of shape `[c]`, zeros where there is no value.
   */
  DupbenchMoments: { inputs: Inputs<"x">; attrs: None };
  /**
   * `(x - mean) * scale / sqrt(variance + epsilon) + shift` for each channel,
   * then relu; element by element.
   */
  DupbenchNormalise: { inputs: Normalised; attrs: NormaliseAttrs };
  /**
   * Its gradient for x where mean and variance are constants: evaluation mode.
   */
  DupbenchNormaliseAffineGrad: {
    inputs: Normalised<"dy">;
    attrs: NormaliseAttrs;
  };
  /**
   * Its gradient for x where mean and variance are those of x: training mode.
   * `dscale` and `dshift` are what `DupbenchNormaliseSums` gives.
   */
  DupbenchNormaliseInputGrad: {
    inputs: Normalised<"dy" | "dscale" | "dshift">;
    attrs: NormaliseAttrs;
  };
  /** Its gradients for scale and shift, in both modes. */
  DupbenchNormaliseSums: { inputs: Normalised<"dy">; attrs: NormaliseAttrs };
  /**
   * `x + shortcut`, then relu. A shortcut of another size is read at every
   * `stride`-th pixel, and its missing channels are zeros. Where sizes are equal,
   * element by element.
   */
  DupbenchResidualAdd: {
    inputs: Inputs<"x" | "shortcut">;
    attrs: ReluAttrs & { readonly stride: number };
  };
  /** Its gradient for a shortcut of another size; that for x is dy. */
  DupbenchShortcutGrad: {
    inputs: Inputs<"dy">;
    attrs: InputShape & { readonly stride: number };
  };
  /**
   * New running mean and variance after a batch whose channels have `count`
   * values each; element by element.
   */
  DupbenchRunningMoments: {
    inputs: Inputs<"runningMean" | "runningVariance" | "mean" | "variance">;
    attrs: RunningMomentsOptions;
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
  /** Gradient of a clip: dy where x is between the bounds, 0 elsewhere. */
  DupbenchClipGrad: { inputs: Inputs<"dy" | "x">; attrs: ClipAttrs };
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
  /** Gradient of the logistic function by its result y, in one pass. */
  DupbenchSigmoidGrad: { inputs: Inputs<"dy" | "x" | "y">; attrs: None };
  /** Gradient of the hyperbolic tangent by its result y, in one pass. */
  DupbenchTanhGrad: { inputs: Inputs<"dy" | "x" | "y">; attrs: None };
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
  /** New weight and velocity of SGD with Nesterov's momentum. */
  DupbenchNesterovStep: {
    inputs: Inputs<"weight" | "velocity" | "gradient">;
    attrs: SgdStepOptions;
  };
  /**
   * A running average that moves a share of the way to a value; element by
   * element.
   */
  DupbenchMoveAverage: {
    inputs: Inputs<"average" | "value">;
    attrs: MoveAverageOptions;
  };
  /** New weight, mean and square of Adam. */
  DupbenchAdamStep: {
    inputs: Inputs<"weight" | "mean" | "square" | "gradient">;
    attrs: AdamStepOptions;
  };
  /** New weight, mean and square of AdamW. */
  DupbenchAdamwStep: {
    inputs: Inputs<"weight" | "mean" | "square" | "gradient">;
    attrs: AdamwStepOptions;
  };
}

/** Numbers of an update of running statistics. */
export interface RunningMomentsOptions {
  /** Share of the batch in the new value, in `[0, 1]`. */
  readonly momentum: number;
  /** Values of each channel; 0 leaves the statistics as they are. */
  readonly count: number;
}

/** Numbers of a step of a running average. */
export interface MoveAverageOptions {
  /** Share of the value in the new average, in `[0, 1]`. */
  readonly share: number;
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

/** Numbers of step t of AdamW, t counted from 1. */
export interface AdamwStepOptions extends Omit<AdamStepOptions, "weightDecay"> {
  /** Share of the weight that decay leaves, in `[0, 1]`. */
  readonly kept: number;
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
