import "@tensorflow/tfjs-backend-wasm";
import { registerRecording } from "../common/recorder.ts";
import { registerKernels } from "../common/register_kernels.ts";
import { addChannelBias } from "./add_bias.ts";
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
import { concat } from "./concat.ts";
import { conv2d, fusedConv2d } from "./conv2d.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import {
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
} from "./conv_relu_pool.ts";
import { registerCorrections } from "./correct_kernels.ts";
import type { KernelBinary } from "./kernel_binary.ts";
import { compileKernels, hostOf, type WasmKernel } from "./kernel_host.ts";
import {
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
} from "./depthwise_conv2d_backprop.ts";
import {
  add,
  clipByValue,
  clipGrad,
  maximum,
  minimum,
  multiply,
  relu6,
  scale,
  sigmoidGrad,
  tanhGrad,
} from "./elementwise.ts";
import { fusedBatchNorm } from "./fused_batch_norm.ts";
import { gather } from "./gather.ts";
import { globalAvgPool, globalAvgPoolGrad } from "./global_avg_pool.ts";
import { identity } from "./identity.ts";
import { maxPool, maxPoolGrad } from "./max_pool.ts";
import { maxPoolWinners, maxPoolWinnersGrad } from "./max_pool_winners.ts";
import { recordingOf } from "./recorder.ts";
import { columnSums, countZeroRows, mean } from "./reductions.ts";
import { relu, sign, tanh } from "./activations.ts";
import { reverse } from "./reverse.ts";
import { residualAdd, shortcutGrad } from "./residual.ts";
import { slice } from "./slice.ts";
import { splitV, unpack } from "./split.ts";
import { meanOverAxes, sum } from "./sum.ts";
import { tile } from "./tile.ts";
import {
  adamStep,
  adamwStep,
  linfStep,
  moveAverage,
  nesterovStep,
  reluGrad,
  sgdStep,
  softmaxCrossEntropy,
} from "./updates.ts";

const kernels: readonly WasmKernel[] = [
  adamStep,
  adamwStep,
  add,
  addChannelBias,
  avgPool,
  avgPoolGrad,
  batchMatMul,
  clipByValue,
  clipGrad,
  columnSums,
  concat,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  convReluPool,
  convReluPoolBiasGrad,
  convReluPoolFilterGrad,
  convReluPoolInputGrad,
  countZeroRows,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  fusedBatchNorm,
  fusedConv2d,
  fusedMatMul,
  gather,
  globalAvgPool,
  globalAvgPoolGrad,
  identity,
  linfStep,
  maximum,
  maxPool,
  maxPoolGrad,
  maxPoolWinners,
  maxPoolWinnersGrad,
  mean,
  meanOverAxes,
  minimum,
  moments,
  moveAverage,
  multiply,
  nesterovStep,
  normalise,
  normaliseAffineGrad,
  normaliseInputGrad,
  normaliseSums,
  relu,
  relu6,
  reluGrad,
  residualAdd,
  reverse,
  runningMoments,
  scale,
  sgdStep,
  shortcutGrad,
  sigmoidGrad,
  sign,
  slice,
  softmaxCrossEntropy,
  splitV,
  sum,
  tanh,
  tanhGrad,
  tile,
  unpack,
];

let registration: Promise<void> | undefined;

/** How the kernels are registered. */
export interface RegistrationOptions {
  /**
   * The file `kernels.wasm`: its bytes, its URL, or the module compiled from it.
   * Default: the file next to this module, which Node, Deno, Bun, browsers
   * without a bundler, and most bundlers find by themselves.
   */
  readonly wasm?: KernelBinary | undefined;
}

/**
 * Gives the official `wasm` backend what it needs to train convolutional
 * networks: the kernels it lacks, a correct gradient of max pooling, and faster
 * kernels where a training step spends its time. Call it once, before or after
 * `tf.setBackend("wasm")`; a second call does nothing, unless the first failed:
 * it then tries again.
 *
 * The kernels work in the backend's own memory and are bit-reproducible: they
 * use only WebAssembly operations whose results the specification fixes, and
 * sum in an order that depends on shapes alone.
 *
 * @returns When the kernels are registered.
 * @throws {TypeError} If the kernels cannot be read.
 */
export function registerTrainingKernels(
  { wasm }: RegistrationOptions = {},
): Promise<void> {
  return registration ??= register(wasm).catch((error) => {
    registration = undefined;
    throw error;
  });
}

async function register(wasm: KernelBinary | undefined): Promise<void> {
  const module = await compileKernels(wasm);
  registerCorrections();
  registerKernels({
    backend: "wasm",
    kernels,
    hostOf: (backend) => hostOf(backend, module),
  });
  registerRecording(
    "wasm",
    (backend) =>
      recordingOf(backend, { kernels, host: hostOf(backend, module) }),
  );
}
