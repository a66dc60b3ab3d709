import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { TrainingKernel } from "./training_kernel.ts";

/**
 * The greater of x and 0. The official kernel gives 0 for NaN, so that a
 * network whose weights are lost goes on with a loss that looks sound.
 */
export const relu: TrainingKernel = {
  name: "Relu",
  run(host, { inputs }) {
    const x = inputs["x"] as TensorInfo;
    const y = host.output(x.shape);
    const size = util.sizeFromShape(x.shape);
    host.kernels.relu(host.address(x), size, host.address(y));
    return y;
  },
};
