import { util } from "@tensorflow/tfjs";
import { convolutionWindow, gradientWindow } from "../common/window.ts";
import { geometryOf } from "./geometry.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** dL/dx of a depthwise convolution; the official backend has none. */
export const depthwiseConv2dNativeBackpropInput: WasmKernel<
  "DepthwiseConv2dNativeBackpropInput"
> = {
  name: "DepthwiseConv2dNativeBackpropInput",
  run(host, { inputs: { dy, filter }, attrs }) {
    const { inputShape } = attrs;
    const options = { ...attrs, depthwise: true };
    const window = gradientWindow(
      convolutionWindow(inputShape, filter.shape, options),
      dy,
    );
    const dx = host.output(inputShape);
    host.kernels.depthwiseBackpropInput(
      host.geometry(geometryOf(window)),
      host.address(dy),
      host.address(filter),
      host.address(dx),
    );
    return dx;
  },
};

/** dL/dW of a depthwise convolution; the official backend has none. */
export const depthwiseConv2dNativeBackpropFilter: WasmKernel<
  "DepthwiseConv2dNativeBackpropFilter"
> = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  run(host, { inputs: { x, dy }, attrs }) {
    const { filterShape } = attrs;
    const options = { ...attrs, depthwise: true };
    const window = gradientWindow(
      convolutionWindow(x.shape, filterShape, options),
      dy,
    );
    const dw = host.output(filterShape);
    const partial = host.scratch(util.sizeFromShape(filterShape) * 4);
    host.kernels.depthwiseBackpropFilter(
      host.geometry(geometryOf(window)),
      host.address(x),
      host.address(dy),
      host.address(dw),
      partial,
    );
    return dw;
  },
};
