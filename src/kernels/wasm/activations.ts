import { util } from "@tensorflow/tfjs";
import type { WasmKernel } from "./kernel_host.ts";

/** The hyperbolic tangent. The official kernel takes numbers one by one. */
export const tanh: WasmKernel<"Tanh"> = {
  name: "Tanh",
  run(host, { inputs: { x } }) {
    const y = host.output(x.shape);
    const size = util.sizeFromShape(x.shape);
    host.kernels.tanh(host.address(x), size, host.address(y));
    return y;
  },
};

/**
 * The greater of x and 0. The official kernel gives 0 for NaN, so that a
 * network whose weights are NaN goes on with a loss that looks sound.
 */
export const relu: WasmKernel<"Relu"> = {
  name: "Relu",
  run(host, { inputs: { x } }) {
    const y = host.output(x.shape);
    const size = util.sizeFromShape(x.shape);
    host.kernels.relu(host.address(x), size, host.address(y));
    return y;
  },
};
