import type { KernelCall } from "../common/kernel.ts";
import {
  convolutionWindow,
  fitsGradient,
  gradientWindow,
  type Window,
} from "../common/window.ts";
import { convolveBack } from "./convolve.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** dL/dx of an NHWC convolution, for any stride, padding and dilation. */
export const conv2dBackpropInput: WasmKernel<"Conv2DBackpropInput"> = {
  name: "Conv2DBackpropInput",
  accepts: (call) =>
    call.attrs.dataFormat !== "NCHW" &&
    fitsGradient(windowOf(call), call.inputs.dy, call.attrs),
  run(host, call) {
    const { inputs: { dy, filter }, attrs } = call;
    const window = gradientWindow(windowOf(call), dy);
    const dx = host.output(attrs.inputShape);
    convolveBack(host, window, {
      dy: host.address(dy),
      filter: host.address(filter),
      dx: host.address(dx),
    });
    return dx;
  },
};

function windowOf(
  { inputs: { filter }, attrs }: KernelCall<"Conv2DBackpropInput">,
): Window {
  return convolutionWindow(attrs.inputShape, filter.shape, attrs);
}
