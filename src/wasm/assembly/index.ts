export { gemm, gemmScratch } from "./gemm";
export {
  addFilterGradient,
  convolveFrame,
  filterGradientScratch,
  packFilter,
  packFilterFlipped,
} from "./conv";
export {
  winogradConvolve,
  winogradFilterGradient,
  winogradScratch,
} from "./winograd";
export { frameImage } from "./frame";
export { winogradFilter } from "./winograd_filter";
export { convolveReluPool, sumWinners, unpoolFrame } from "./relu_pool";
export { maxPool, maxPoolGrad } from "./pool";
export { addBias, clear } from "./activate";
export { adamStep, linfStep, reluGrad, sgdStep } from "./update";
export { sumColumns, sumRows } from "./sums";
export { crossEntropy } from "./cross_entropy";
export { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise";
