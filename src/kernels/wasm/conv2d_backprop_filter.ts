import {
  convolutionWindow,
  fitsGradient,
  gradientWindow,
} from "../common/window.ts";
import { convolveFilterGradient } from "./convolve.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** dL/dW of an NHWC convolution: the kernel the official backend lacks. */
export const conv2dBackpropFilter: WasmKernel<"Conv2DBackpropFilter"> = {
  name: "Conv2DBackpropFilter",
  accepts: ({ inputs: { x, dy }, attrs }) =>
    attrs.dataFormat !== "NCHW" &&
    fitsGradient(
      convolutionWindow(x.shape, attrs.filterShape, attrs),
      dy,
      attrs,
    ),
  run(host, { inputs: { x, dy }, attrs }) {
    const window = gradientWindow(
      convolutionWindow(x.shape, attrs.filterShape, attrs),
      dy,
    );
    const dw = host.output(attrs.filterShape);
    convolveFilterGradient(host, window, {
      x: host.address(x),
      dy: host.address(dy),
      dw: host.address(dw),
    });
    return dw;
  },
};
