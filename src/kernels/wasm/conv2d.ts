import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import { convolutionWindow } from "../common/window.ts";
import { addBias } from "./add_bias.ts";
import { convolveForward } from "./convolve.ts";
import type { KernelHost, WasmKernel } from "./kernel_host.ts";

/** Convolution of NHWC images with HWIO filters. */
export const conv2d: WasmKernel<"Conv2D"> = {
  name: "Conv2D",
  accepts: ({ attrs }) => attrs.dataFormat !== "NCHW",
  run: convolve,
};

/**
 * Convolution, bias and activation; a clamp at zero, or at zero and six, in one
 * kernel. The official kernel loses NaN where there is one channel.
 */
export const fusedConv2d: WasmKernel<"FusedConv2D"> = {
  name: "FusedConv2D",
  accepts: ({ attrs }) => attrs.dataFormat !== "NCHW",
  run: (host, call) => addBias(host, convolve(host, call), call),
};

function convolve(
  host: KernelHost,
  { inputs: { x, filter }, attrs }: KernelCall<"Conv2D" | "FusedConv2D">,
): TensorInfo {
  const window = convolutionWindow(x.shape, filter.shape, attrs);
  const y = host.output(window.outShape);
  convolveForward(host, window, {
    source: host.address(x),
    filter: host.address(filter),
    out: host.address(y),
    looseTies: attrs.looseTies ?? false,
  });
  return y;
}
