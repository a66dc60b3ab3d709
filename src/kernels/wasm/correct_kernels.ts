import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { type ConvolutionAttrs, convolutionWindow } from "../common/window.ts";
import type { KernelCall } from "../common/kernel.ts";
import { activate } from "./add_bias.ts";
import { complexPairwise } from "./complex_pairwise.ts";
import { einsum } from "./einsum.ts";
import { maxPool3dGrad } from "./max_pool_3d_grad.ts";
import { type RegistryCall, runOnCpu } from "./on_cpu.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

type Kernel = (call: RegistryCall) => tf.TensorInfo | tf.TensorInfo[];

/** A kernel that takes the place of the official one for some calls. */
interface Correction {
  readonly name: string;
  /** The calls that it takes; all if absent. */
  readonly takes?: (call: RegistryCall) => boolean;
  /** Runs them; given the official kernel. */
  readonly run: (call: RegistryCall, official: Kernel | undefined) =>
    | tf.TensorInfo
    | tf.TensorInfo[];
}

const onCpu = (
  name: string,
  takes?: (call: RegistryCall) => boolean,
): Correction => ({
  name,
  ...(takes && { takes }),
  run: (call) => runOnCpu(name, call),
});

const hasChannelsFirst = ({ attrs }: RegistryCall) =>
  attrs?.dataFormat === "NCHW" || attrs?.dataFormat === "channelsFirst";

/** Whether an input has another type than float32. */
function hasInteger({ inputs }: RegistryCall): boolean {
  // A loop: this is part of every call.
  for (const name in inputs) {
    if (inputs[name] && inputs[name].dtype !== "float32") return true;
  }
  return false;
}

const hasBool = ({ inputs: { x } }: RegistryCall) => x!.dtype === "bool";

const isEmpty = ({ inputs: { x } }: RegistryCall) => x!.shape.includes(0);

/**
 * Whether the official depthwise kernel gives zeros: it strides with "same"
 * padding over a filter of fewer than 3 rows or columns. For a filter of one
 * pixel it gives -Infinity in place of NaN.
 */
function losesDepthwise({ inputs, attrs }: RegistryCall): boolean {
  const [height, width] = inputs.filter!.shape as [number, number];
  const strides = [attrs!.strides].flat() as number[];
  return attrs!.pad === "same" && strides.some((stride) => stride > 1) &&
      (height < 3 || width < 3) ||
    height * width === 1;
}

/**
 * Whether the official depthwise kernel would write another number of windows than
 * its result has room for: it rounds down, and counts windows of each axis by
 * themselves, where TensorFlow.js counts those of the first for both; a single
 * one it writes in any case.
 *
 * @throws {RangeError} If the window does not fit into the images.
 */
function overflows({ inputs: { x, filter }, attrs }: RegistryCall): boolean {
  const { outHeight, outWidth, padInfo, ...window } = convolutionWindow(
    x!.shape,
    filter!.shape,
    { ...attrs as unknown as ConvolutionAttrs, depthwise: true },
  );
  if (outHeight * outWidth === 0) return true;
  if (attrs!.pad === "same") return false;
  const rows = window.inHeight + padInfo.top + padInfo.bottom -
    window.effectiveFilterHeight;
  const columns = window.inWidth + padInfo.left + padInfo.right -
    window.effectiveFilterWidth;
  return Math.floor(rows / window.strideHeight) + 1 !== outHeight ||
    Math.floor(columns / window.strideWidth) + 1 !== outWidth;
}

/** Refuses what TensorFlow.js computes as if channels were last. */
function refuseChannelsFirst(call: RegistryCall, operation: string): void {
  if (!hasChannelsFirst(call)) return;
  throw new TypeError(
    `${operation} needs channels last, got dataFormat "NCHW": transpose x with tf.transpose(x, [0, 2, 3, 1]) first`,
  );
}

/**
 * Whether the official kernel reads a slope wrong: it takes it for one number for
 * each of the last elements of x.
 */
function hasOtherSlope({ inputs }: RegistryCall): boolean {
  const { x, alpha } = inputs as { x: tf.TensorInfo; alpha: tf.TensorInfo };
  const first = alpha.shape.findIndex((size) => size !== 1);
  const slope = first < 0 ? [] : alpha.shape.slice(first);
  const last = x.shape.slice(x.shape.length - slope.length);
  return slope.join() !== last.join();
}

/** Kernels that take strings or complex numbers in the cpu backend alone. */
const ofOtherTypes = [
  "Equal",
  "Fill",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "NotEqual",
  "OnesLike",
  "SparseToDense",
  "Tile",
  "ZerosLike",
] as const;

/**
 * Kernels that read other types as float32, or their digits beyond 2^24 as zeros, or
 * whose results are float32; of booleans, which are bytes, some write beyond their
 * results.
 */
const ofFloats = [
  "Acos",
  "Acosh",
  "Asin",
  "Asinh",
  "Atan",
  "Atan2",
  "Atanh",
  "Ceil",
  "Cos",
  "Cosh",
  "Elu",
  "Erf",
  "Floor",
  "FloorDiv",
  "FusedBatchNorm",
  "IsFinite",
  "IsInf",
  "IsNan",
  "LeakyRelu",
  "Log",
  "MaxPool",
  "Mod",
  "Neg",
  "RealDiv",
  "Reciprocal",
  "Relu",
  "Relu6",
  "ResizeNearestNeighbor",
  "Round",
  "Rsqrt",
  "SearchSorted",
  "Selu",
  "Sigmoid",
  "Sign",
  "Sin",
  "Sinh",
  "Softmax",
  "Softplus",
  "Sqrt",
  "Step",
  "StridedSlice",
  "Tan",
  "Tanh",
] as const;

/** Kernels that are right for int32, but not for booleans. */
const ofNumbers = ["Abs", "Exp", "Expm1", "Square"] as const;

/** Kernels of complex numbers, which the official backend lacks. */
const ofComplex = ["Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "Real"];

const isOther = (dtype: unknown) => dtype === "string" || dtype === "complex64";

function hasOtherType({ inputs, attrs }: RegistryCall): boolean {
  if (isOther(attrs?.dtype) || typeof attrs?.value === "string") return true;
  // A loop: this is part of every call.
  for (const name in inputs) if (isOther(inputs[name]?.dtype)) return true;
  return false;
}

/**
 * The greater or smaller of two numbers, broadcast. The official kernels keep NaN of
 * the first input only: they run in both orders, and ours combines the results.
 */
const extremes = (name: string): Correction => ({
  name,
  takes: (call) => !hasInteger(call),
  run(call, official) {
    const { a, b } = call.inputs;
    const [first, second] = [call.inputs, { a: b, b: a }].map((inputs) =>
      official!({ ...call, inputs } as RegistryCall) as tf.TensorInfo
    ) as [tf.TensorInfo, tf.TensorInfo];
    const y = tf.getKernel(name, "wasm")!.kernelFunc({
      ...call,
      inputs: { a: first, b: second },
    });
    for (const { dataId } of [first, second]) {
      (call.backend as BackendWasm).disposeData(dataId);
    }
    return y;
  },
});

/** A slice whose place in the tensor is checked first. */
const slice: Correction = {
  name: "Slice",
  run(call, official) {
    const x = call.inputs.x!;
    const { begin, size } = call.attrs as unknown as Record<
      "begin" | "size",
      number | number[]
    >;
    const tensor = x as tf.Tensor;
    const [from, sizes] = tf.slice_util.parseSliceParams(tensor, begin, size);
    tf.slice_util.assertParamsValid(tensor, from!, sizes!);
    return official!(call);
  },
};

/**
 * Fused depthwise convolution. The official kernel takes a bias only if its values
 * were made as [n]; others of n numbers are copied as such. Its clamps lose NaN, so
 * that the activation runs by itself.
 */
const fusedDepthwise: Correction = {
  name: "FusedDepthwiseConv2D",
  run(call, official) {
    refuseChannelsFirst(call, "fused.depthwiseConv2d");
    const [, , inputs, multiplier] = call.inputs.filter!.shape;
    const channels = inputs! * multiplier!;
    const bias = call.inputs.bias as tf.TensorInfo | null | undefined;
    if (
      losesDepthwise(call) || overflows(call) ||
      bias && (bias.shape.at(-1) !== channels ||
          tf.util.sizeFromShape(bias.shape) !== channels)
    ) return runOnCpu("FusedDepthwiseConv2D", call);
    const attrs = { ...call.attrs, activation: "linear" };
    const { x, filter } = call.inputs;
    const run = (bias?: tf.TensorInfo) => {
      const inputs = { x, filter, ...(bias && { bias }) };
      return activate(
        official!({ ...call, inputs, attrs } as RegistryCall) as tf.TensorInfo,
        call as unknown as KernelCall<"FusedConv2D">,
      );
    };
    if (!bias) return run();
    const backend = call.backend as BackendWasm;
    const values = backend.readSync(bias.dataId);
    const flat = backend.makeOutput([channels], bias.dtype, undefined, values);
    try {
      return run(flat);
    } finally {
      backend.disposeData(flat.dataId);
    }
  },
};

/** Depthwise convolution, where the official kernel gives zeros. */
const depthwise: Correction = {
  name: "DepthwiseConv2dNative",
  takes: (call) =>
    hasChannelsFirst(call) || losesDepthwise(call) || overflows(call),
  run(call) {
    refuseChannelsFirst(call, "depthwiseConv2d");
    return runOnCpu("DepthwiseConv2dNative", call);
  },
};

/** A cast to bool gives 0 and 1; one to the type that numbers have copies nothing. */
const cast: Correction = {
  name: "Cast",
  takes: (call) =>
    call.attrs!.dtype === "bool" ||
    call.attrs!.dtype === call.inputs.x!.dtype || hasOtherType(call),
  run(call) {
    const { dataId, shape, dtype } = call.inputs.x!;
    if (dtype !== call.attrs!.dtype) return runOnCpu("Cast", call);
    (call.backend as BackendWasm).incRef(dataId);
    return { dataId, shape, dtype };
  },
};

const corrections: readonly Correction[] = [
  { name: "Einsum", run: einsum },
  { name: "UnsortedSegmentSum", run: unsortedSegmentSum },
  fusedDepthwise,
  slice,
  ...ofOtherTypes.map((name) => onCpu(name, hasOtherType)),
  ...ofComplex.map((name) => onCpu(name)),
  ...["Add", "Multiply", "Sub"].map((name): Correction => ({
    name,
    takes: hasOtherType,
    run: (call) => complexPairwise(name, call),
  })),
  ...[...ofFloats, "BatchMatMul", "ClipByValue"]
    .map((name) => onCpu(name, hasInteger)),
  ...ofNumbers.map((name) => onCpu(name, hasBool)),
  // The official kernel adds 1 to x first, so that small numbers lose their digits.
  onCpu("Log1p"),
  // The official kernels refuse booleans, and never end for a single number.
  ...["Cumprod", "Cumsum"].map((name) =>
    onCpu(name, (call) => hasBool(call) || call.inputs.x!.shape.length === 0)
  ),
  // The official kernel takes both for one type, of four bytes.
  onCpu(
    "Select",
    ({ inputs: { t, e } }) => t!.dtype !== e!.dtype || t!.dtype === "bool",
  ),
  onCpu(
    "TopK",
    (call) => hasBool(call) || isEmpty(call) || call.attrs!.k === 0,
  ),
  // The official kernel writes int32, whatever the type.
  onCpu("OneHot", ({ attrs }) => attrs!.dtype !== "int32"),
  onCpu("Softmax", ({ inputs }) => inputs.logits!.shape.length === 0),
  onCpu("GatherV2", isEmpty),
  onCpu("Transpose", isEmpty),
  onCpu(
    "Reverse",
    ({ inputs }) => !["float32", "int32"].includes(inputs.x!.dtype),
  ),
  // Of nothing, the official kernels leave the memory of the result as it was.
  ...["All", "Any", "ArgMax", "ArgMin", "Max", "Mean", "Min", "Prod", "Sum"]
    .map((name) => onCpu(name, isEmpty)),
  extremes("Maximum"),
  extremes("Minimum"),
  onCpu("Bincount"),
  onCpu("DenseBincount"),
  onCpu("_FusedMatMul"),
  onCpu("Conv2D", hasChannelsFirst),
  onCpu("Conv2DBackpropFilter"),
  onCpu("Conv2DBackpropInput"),
  onCpu("FusedConv2D"),
  depthwise,
  // The official kernel steps by 1, whatever the stride.
  onCpu(
    "Conv3DBackpropFilterV2",
    ({ attrs }) => ([attrs!.strides].flat() as number[]).some((n) => n > 1),
  ),
  onCpu("Conv3DBackpropInputV2"),
  onCpu("MaxPool3D"),
  { name: "MaxPool3DGrad", run: maxPool3dGrad },
  // The official kernel mixes up images and channels where there are several, and
  // gives 1e-38 for a maximum below 0.
  onCpu("Dilation2D"),
  onCpu("Dilation2DBackpropFilter"),
  onCpu("Dilation2DBackpropInput"),
  cast,
  onCpu(
    "Prelu",
    (call) => hasInteger(call) || isEmpty(call) || hasOtherSlope(call),
  ),
  onCpu("RaggedGather"),
  onCpu("RaggedRange"),
  onCpu("RaggedTensorToTensor"),
  onCpu("StaticRegexReplace"),
];

let areRegistered = false;

/**
 * Registers what the official wasm backend lacks, or gets wrong, outside the
 * kernels of `registerKernels`, which come on top. A second call does nothing.
 */
export function registerCorrections(): void {
  if (areRegistered) return;
  for (const { name, takes, run } of corrections) {
    const config = tf.getKernel(name, "wasm");
    const official = config?.kernelFunc as Kernel | undefined;
    if (config !== undefined) tf.unregisterKernel(name, "wasm");
    tf.registerKernel({
      ...config,
      kernelName: name,
      backendName: "wasm",
      kernelFunc(call) {
        if (takes === undefined || takes(call) || official === undefined) {
          return run(call, official);
        }
        return official(call);
      },
    });
  }
  areRegistered = true;
}
