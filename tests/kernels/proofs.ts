/** A case that users of TensorFlow.js meet, and a test that proves it. */
export interface Proof {
  readonly of: string;
  /** Relative to `tests`. */
  readonly file: string;
  /** The name of the test, or the part of it that is no parameter. */
  readonly test: string;
}

const calls = "kernels/wasm/user_cases_test.ts";
const reports = "kernels/wasm/user_reports_test.ts";
const results = "kernels/wasm/official_results_test.ts";
const types = "kernels/wasm/other_types_test.ts";
const specs = "specs/specs_test.ts";
const models = "kernels/ordinary/ordinary_models_test.ts";
const property = "kernels/property/property_test.ts";
const pages = "kernels/browser/isolated_page_test.ts";
const allSpecs =
  "with our kernels, TensorFlow.js's operation specs fail where the list says and nowhere else";
const allModels = "every ordinary model trains as on cpu, losses within 1e-3";
const drawn = "and their first and second gradients equal sums in float64";

const list = (
  entries: readonly (readonly [of: string, file: string, test: string])[],
): Proof[] => entries.map(([of, file, test]) => ({ of, file, test }));

/**
 * Every case for the kernels of the wasm backend: regressions, official kernels
 * that are missing or wrong, public reports, models and environments.
 */
export const proofs: readonly Proof[] = list([
  [
    "the build with threads: shared memory",
    pages,
    "a cross-origin-isolated page trains with the official build with threads, to the bit as on one thread",
  ],
  [
    "the build with threads: kernels link",
    "kernels/wasm/shared_memory_test.ts",
    "the kernels work in the shared memory of the build with threads",
  ],
  ["second gradient of relu", calls, "the gradient of relu has a gradient"],
  [
    "rounding modes: gradients of conv2d",
    calls,
    "gradients of conv2d with rounding",
  ],
  [
    "rounding modes: gradient of maxPool",
    calls,
    "the gradient of maxPool with rounding",
  ],
  [
    "rounding modes: conv2dTranspose to 4x4x8",
    reports,
    "conv2dTranspose of 4x4 to 8x8 images sums the taps that reach them",
  ],
  [
    "matMul of a matrix and a vector",
    calls,
    "matMul of a matrix and a vector throws",
  ],
  [
    "fused bias that is not [n]",
    calls,
    "a fused bias of another shape than [n] is broadcast",
  ],
  [
    "maxPool ignores NaN",
    "kernels/wasm/max_pool_test.ts",
    "MaxPool ignores NaN, as the cpu backend does",
  ],
  [
    "a failed registration",
    "kernels/wasm/register_again_test.ts",
    "a registration that failed can be tried again",
  ],

  [
    "UnsortedSegmentSum",
    calls,
    "unsortedSegmentSum leaves out numbers of no segment",
  ],
  ["gradient of gather", calls, "gather has a gradient"],
  [
    "einsum and its gradient",
    calls,
    "and its gradient equal loops over the labels",
  ],
  [
    "NCHW convolutions",
    reports,
    "conv2d with channels first, and its gradients",
  ],
  [
    "NCHW depthwise: a clear error",
    reports,
    "depthwise convolution with channels first is refused",
  ],
  [
    "fused depthwise with a bias of rank 4",
    calls,
    "fused depthwise convolution takes a bias of rank 4",
  ],
  [
    "input gradient of conv3d",
    calls,
    "the input gradient of conv3d reaches all pixels",
  ],
  [
    "maxPool3d of negatives",
    calls,
    "maxPool3d of negative numbers is their maximum",
  ],
  [
    "depthwise with narrow filters and strides",
    calls,
    "depthwise convolution with a narrow filter and a stride sums its windows",
  ],
  ["cast to bool", calls, "a number cast to bool is 0 or 1"],
  ["NaN through clip and relu6", calls, "clip and relu6 keep NaN"],
  [
    "NaN through maximum and minimum",
    "kernels/wasm/extremes_test.ts",
    "keeps NaN of either side, and orders zeros",
  ],
  [
    "gradients of maximum and minimum",
    "kernels/wasm/extremes_test.ts",
    "go to a where both are equal, and to none for NaN",
  ],
  [
    "gradients of broadcast maximum, minimum and squaredDifference",
    "kernels/wasm/extremes_test.ts",
    "are summed where it broadcasts",
  ],
  [
    "NaN through fused activations",
    results,
    "keep NaN and have the numbers of cpu",
  ],
  [
    "NaN through depthwise convolution with one tap",
    results,
    "depthwise convolution with one tap keeps NaN",
  ],
  [
    "int32 and bool: functions of one tensor",
    types,
    "tensors give what cpu gives, and write nowhere else",
  ],
  [
    "int32 and bool: where",
    types,
    "where of two types, and of booleans, gives what cpu gives",
  ],
  [
    "int32 and bool: oneHot and others",
    types,
    "oneHot, stridedSlice, maxPool, batchNorm, searchSorted and resizeNearestNeighbor of other types give what cpu gives",
  ],
  [
    "int32: digits and division by 0",
    types,
    "whole numbers keep digits beyond 2^24 and division by 0 ends",
  ],
  ["tensors of size 0", results, "is what cpu gives"],
  ["sign of small numbers", results, "the sign of small numbers is not 0"],
  [
    "log1p of small numbers",
    results,
    "log1p of small numbers has all their digits",
  ],
  [
    "NaN predictions, cross-entropy",
    reports,
    "a model whose weights are NaN has a loss of NaN",
  ],
  [
    "dilation2d and its gradients",
    reports,
    "dilation2d of several images and channels, and its gradients",
  ],
  [
    "tfjs#8082",
    reports,
    "the gradient of gather adds rows taken twice (tfjs#8082)",
  ],
  [
    "tfjs#6629",
    reports,
    "depthwise convolution of tiny images with narrow filters, stride 2 (tfjs#6629)",
  ],
  ["tfjs#8409", reports, "reads no other memory (tfjs#8409)"],
  ["tfjs#7646", reports, "a dilated pool larger than the image (tfjs#7646)"],
  ["tfjs#7458", reports, "prelu broadcasts its slopes (tfjs#7458)"],
  [
    "tfjs#2590",
    reports,
    "numbers cast to bool, as official specs leave them out (tfjs#2590)",
  ],
  [
    "tfjs#8658",
    reports,
    "gather takes each batch's rows by its own indices (tfjs#8658)",
  ],
  [
    "tfjs#7906: dilated conv2d",
    calls,
    "convolves and, with channels last, has gradients",
  ],
  ["tfjs#7906: causal conv1d", models, allModels],
  [
    "complex numbers and FFT",
    "kernels/wasm/complex_test.ts",
    "are the transform by its definition",
  ],

  [
    "float64, not cpu: batched matMul with broadcasting",
    "kernels/wasm/batch_mat_mul_test.ts",
    "BatchMatMul broadcasts batches as explicit copies do",
  ],
  [
    "float64, not cpu: gradient of nearest-neighbour resizing",
    reports,
    "the gradient of nearest-neighbour resizing sums the copies of each pixel, in every image",
  ],
  [
    "float64, not cpu: 1x1 maxPool, steps of 1 by 2",
    reports,
    "a 1x1 maxPool with padding by numbers and steps of 1 by 2 takes every second pixel",
  ],

  ["ordinary models", models, allModels],
  [
    "ordinary models keep no memory",
    "kernels/ordinary/growth_test.ts",
    "500 steps of changing shapes keep no tensor and no memory",
  ],
  ["drawn operations, shapes and types", property, drawn],
  ["official specs on wasm and cpu", specs, allSpecs],
  [
    "official specs on webgpu",
    specs,
    "TensorFlow.js's operation specs of convolution, pooling, products and normalisation pass",
  ],

  [
    "Node 20 and 24, Bun, Deno",
    "packages/kernels_test.ts",
    "the kernels train alike on Node from 20.16 on, Bun and Deno",
  ],
  [
    "a browser with a bundler",
    "packages/kernels_test.ts",
    "a Vite app trains with the kernels as Node does",
  ],
  [
    "a classic script",
    "kernels/wasm/classic_script_test.ts",
    "loadKernels() in a classic script asks for bytes or a URL, and takes them",
  ],
  [
    "a page without wasm-unsafe-eval",
    pages,
    "a page without wasm-unsafe-eval says what it needs",
  ],
  [
    "an engine without SIMD",
    "kernels/wasm/builds_test.ts",
    "an engine without SIMD gets an error that says so",
  ],
  [
    "the official build without SIMD",
    "kernels/wasm/builds_test.ts",
    "the official build without SIMD trains as the one with it",
  ],
]);
