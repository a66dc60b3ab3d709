export { gemm, gemmScratch } from "./gemm";
export {
  addFilterGradient,
  convolveFrame,
  filterGradientScratch,
  frameImage,
  packFilter,
  packFilterFlipped,
} from "./conv";
export { maxPool, maxPoolGrad } from "./pool";
export { addBias, clear } from "./activate";
