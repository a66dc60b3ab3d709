import type { GradConfig, Tensor } from "@tensorflow/tfjs";
import type { NormaliseAttrs } from "./kernel.ts";
import { runKernel } from "./run_kernel.ts";

/**
 * Gradients of normalisation by constants: for the images, scale and shift. Mean
 * and variance have none. Scale and shift must be given.
 */
export const normaliseGradient: GradConfig = {
  kernelName: "DupbenchNormalise",
  inputsToSave: ["x", "mean", "variance", "scale", "shift"],
  gradFunc(result, saved, given) {
    const dy = result as Tensor;
    const [x, mean, variance, scale, shift] = saved as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const attrs = given as unknown as NormaliseAttrs;
    const inputs = { dy, x, mean, variance, scale, shift };
    const sums = () => runKernel("DupbenchNormaliseSums", { inputs, attrs });
    return {
      x: () => runKernel("DupbenchNormaliseAffineGrad", { inputs, attrs })[0]!,
      scale: () => sums()[0]!,
      shift: () => sums()[1]!,
    };
  },
};
