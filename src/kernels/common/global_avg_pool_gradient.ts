import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import { runKernel } from "./run_kernel.ts";

/** Gradient of global average pooling. */
export const globalAvgPoolGradient: GradConfig = {
  kernelName: "DupbenchGlobalAvgPool",
  inputsToSave: ["x"],
  gradFunc(dy, saved) {
    const [x] = saved as [Tensor];
    const inputShape = x.shape as [number, number, number, number];
    return {
      x: () =>
        runKernel("DupbenchGlobalAvgPoolGrad", {
          inputs: { dy: dy as Tensor },
          attrs: { inputShape },
        })[0]!,
    };
  },
};
