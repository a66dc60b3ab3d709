// Training kernels for TensorFlow.js's wasm backend, in AssemblyScript.
//
// They work in the memory of the backend, which the host passes in: no
// allocator, no data segment, no start function. A kernel is a function of
// addresses (bytes), sizes, and for convolution and pooling one `Geometry`; the
// caller also passes the scratch memory that it needs.
//
// Bit-reproducible by construction. The WebAssembly specification fixes the
// result of every float32 and float64 operation used here: IEEE 754, rounding
// to nearest, no fusing, no flushing of denormals, no reassociation by the
// compiler. (The sign and payload of a NaN are the one exception, and nothing
// here reads them.) Relaxed SIMD would leave open whether a multiply-add rounds
// once or twice, so it is not used. What remains is the order of sums, and that
// is a function of shapes alone: block sizes are constants, nothing depends on
// the count of threads or the size of caches, and no branch on a value changes
// an order. Which algorithm a convolution takes also depends on its shape alone.
// exp and log are written out, because those of an engine may differ in the last
// bit.
//
// `tests/kernels/wasm/reproducible_test.ts` checks digests of results.
export { gemm, gemmScratch } from "./gemm";
export { convolve, convolveScratch } from "./conv";
export { filterGradient, filterGradientScratch } from "./filter_gradient";
export { stridedInputGradient, stridedInputGradientScratch } from "./strided_gradient";
export { convolveReluPool, convolveReluPoolScratch } from "./relu_pool";
export { sumWinners } from "./unpool";
export { winogradConvolve, winogradScratch } from "./winograd";
export { winogradFilterGradient, winogradFilterGradientScratch } from "./winograd_gradient";
export { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise";
export { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from "./pool";
export { maxPoolWinners, maxPoolWinnersGrad } from "./pool_winners";
export { globalAvgPool, globalAvgPoolGrad } from "./global_pool";
export { affineInputGrad, moments, moveAverage, normalise, normaliseInputGrad, normaliseSums } from "./batch_norm";
export { residualAdd, residualAddStrided, shortcutGrad } from "./residual";
export { addBias } from "./activate";
export { adamStep, adamwStep, linfStep, nesterovStep, relu, reluGrad, sgdStep } from "./update";
export { countZeroRows, mean, sumColumns, sumRows } from "./sums";
export { add, clip, clipGrad, extremes, multiply, scale, sigmoidGrad, sign, tanhGrad } from "./elementwise";
export { copyRows, findOutside, gatherBlocks, repeatBlocks } from "./copies";
export { tanh } from "./tanh";
export { crossEntropy } from "./cross_entropy";
