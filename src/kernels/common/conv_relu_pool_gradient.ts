import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import { runKernel } from "./run_kernel.ts";

type Shape4D = [number, number, number, number];

/**
 * Gradients of the convolutional block in one kernel. Only those that are asked
 * for are computed. The winners of pooling, its second output, have none.
 */
export const convReluPoolGradient: GradConfig = {
  kernelName: "DupbenchConvReluPool",
  inputsToSave: ["x", "filter"],
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [dy] = dys as [Tensor, Tensor];
    const [x, filter, winners] = saved as [Tensor, Tensor, Tensor];
    return {
      x: () =>
        runKernel("DupbenchConvReluPoolInputGrad", {
          inputs: { dy, winners, filter },
          attrs: { inputShape: x.shape as Shape4D },
        })[0]!,
      filter: () =>
        runKernel("DupbenchConvReluPoolFilterGrad", {
          inputs: { dy, winners, x },
          attrs: { filterShape: filter.shape as Shape4D },
        })[0]!,
      bias: () =>
        runKernel("DupbenchConvReluPoolBiasGrad", {
          inputs: { dy, winners },
          attrs: {},
        })[0]!,
    };
  },
};
