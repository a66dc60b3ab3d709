import { getKernel } from "@tensorflow/tfjs";
import { registerRecording } from "../common/recorder.ts";
import { registerKernels } from "../common/register_kernels.ts";
import { addChannelBias } from "./add_bias.ts";
import { add, multiply, scale } from "./arithmetic.ts";
import { avgPool } from "./avg_pool.ts";
import { avgPoolGrad } from "./avg_pool_grad.ts";
import { batchMatMul, fusedMatMul } from "./batch_mat_mul.ts";
import {
  moments,
  normalise,
  normaliseAffineGrad,
  normaliseInputGrad,
  normaliseSums,
  runningMoments,
} from "./batch_norm.ts";
import { columnSums } from "./column_sums.ts";
import { conv2d, fusedConv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import {
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
} from "./conv_relu_pool.ts";
import { gatherImages } from "./gather_images.ts";
import { globalAvgPool, globalAvgPoolGrad } from "./global_avg_pool.ts";
import { hostOf, type WebgpuKernel } from "./kernel_host.ts";
import { maxPoolGrad } from "./max_pool.ts";
import { maxPoolWinners, maxPoolWinnersGrad } from "./max_pool_winners.ts";
import { recordingOf } from "./recorder.ts";
import { countZeroRows, mean } from "./reductions.ts";
import { residualAdd, shortcutGrad } from "./residual.ts";
import { softmaxCrossEntropy } from "./softmax_cross_entropy.ts";
import { withFloats } from "./to_float.ts";
import {
  adamStep,
  adamwStep,
  linfStep,
  moveAverage,
  nesterovStep,
  reluGrad,
  sgdStep,
} from "./updates.ts";

const kernels: readonly WebgpuKernel[] = [
  adamStep,
  adamwStep,
  add,
  addChannelBias,
  avgPool,
  avgPoolGrad,
  batchMatMul,
  columnSums,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
  countZeroRows,
  fusedConv2d,
  fusedMatMul,
  gatherImages,
  globalAvgPool,
  globalAvgPoolGrad,
  linfStep,
  maxPoolGrad,
  maxPoolWinners,
  maxPoolWinnersGrad,
  mean,
  moments,
  moveAverage,
  multiply,
  nesterovStep,
  normalise,
  normaliseAffineGrad,
  normaliseInputGrad,
  normaliseSums,
  reluGrad,
  residualAdd,
  runningMoments,
  scale,
  sgdStep,
  shortcutGrad,
  softmaxCrossEntropy,
];

/**
 * Replaces the kernels of TensorFlow.js's WebGPU backend that are wrong, slow or
 * not repeatable in training, and adds fused ones. The package
 * `@tensorflow/tfjs-backend-webgpu`, which registers the official kernels, must
 * be imported first. A second call does nothing.
 *
 * On one adapter the kernels are bit-reproducible: none adds atomically, and
 * they sum in an order that depends on shapes and the adapter alone.
 *
 * @throws {TypeError} If the official kernels are not registered.
 */
export function registerWebgpuKernels(): void {
  if (getKernel("BatchMatMul", "webgpu") === undefined) {
    throw new TypeError(
      "The webgpu backend has no kernels: @tensorflow/tfjs-backend-webgpu must be imported first",
    );
  }
  registerKernels({
    backend: "webgpu",
    kernels,
    hostOf,
    adaptInputs: withFloats,
  });
  registerRecording("webgpu", (backend) => recordingOf(backend, kernels));
}
