import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import { runKernel } from "./run_kernel.ts";
import type { PoolingAttrs } from "./window.ts";

/** Gradient of max pooling with noted winners, which have none themselves. */
export const maxPoolGradient: GradConfig = {
  kernelName: "DupbenchMaxPool",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc(dys, saved, given) {
    const [dy] = dys as [Tensor, Tensor];
    const [x, winners] = saved as [Tensor, Tensor];
    const attrs = {
      ...given as unknown as PoolingAttrs,
      inputShape: x.shape as [number, number, number, number],
    };
    return {
      x: () =>
        runKernel("DupbenchMaxPoolGrad", { inputs: { dy, winners }, attrs })[
          0
        ]!,
    };
  },
};
