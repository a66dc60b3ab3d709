import {
  convolutionWindow,
  fitsGradient,
  windowOfGradient,
} from "../common/window.ts";
import { convolveBack } from "./convolve.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** dL/dx of an NHWC convolution, for any stride, padding and dilation. */
export const conv2dBackpropInput: WasmKernel<"Conv2DBackpropInput"> = {
  name: "Conv2DBackpropInput",
  accepts: ({ inputs: { dy, filter }, attrs }) =>
    attrs.dataFormat !== "NCHW" &&
    fitsGradient(dy, {
      inShape: attrs.inputShape,
      filterShape: filter.shape,
      attrs,
    }),
  run(host, { inputs: { dy, filter }, attrs }) {
    const window = windowOfGradient(
      convolutionWindow(attrs.inputShape, filter.shape, attrs),
      dy,
    );
    const dx = host.output(attrs.inputShape);
    convolveBack(host, window, {
      dy: host.address(dy),
      filter: host.address(filter),
      dx: host.address(dx),
    });
    return dx;
  },
};
