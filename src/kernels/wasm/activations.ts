import { type TensorInfo, util } from "@tensorflow/tfjs";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** The hyperbolic tangent. The official kernel takes numbers one by one. */
export const tanh: WasmKernel<"Tanh"> = {
  name: "Tanh",
  run: (host, { inputs: { x } }) => runSingly(host, "tanh", x),
};

/**
 * The greater of x and 0. The official kernel gives 0 for NaN, so that a
 * network whose weights are NaN goes on with a loss that looks sound.
 */
export const relu: WasmKernel<"Relu"> = {
  name: "Relu",
  run: (host, { inputs: { x } }) => runSingly(host, "relu", x),
};

/** -1, 0 or 1. The official kernel takes numbers below 2^-23 for 0. */
export const sign: WasmKernel<"Sign"> = {
  name: "Sign",
  run: (host, { inputs: { x } }) => runSingly(host, "sign", x),
};

/** A kernel of one tensor, element by element. */
function runSingly(
  host: KernelHost,
  kernel: "relu" | "sign" | "tanh",
  x: TensorInfo,
): TensorInfo {
  const y = host.output(x.shape);
  const size = util.sizeFromShape(x.shape);
  host.kernels[kernel](host.address(x), size, host.address(y));
  return y;
}
