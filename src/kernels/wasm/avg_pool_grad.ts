import { poolingGradientWindow } from "../common/window.ts";
import { geometryOf } from "./geometry.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Gradient of average pooling. Every pixel of a window gets one part in its
 * full size, as on the cpu backend, although TensorFlow.js's forward pass
 * divides by the count of pixels inside the image: with "same" padding, the
 * gradient of windows that overhang differs from the derivative on both.
 */
export const avgPoolGrad: WasmKernel<"AvgPoolGrad"> = {
  name: "AvgPoolGrad",
  run(host, { inputs: { dy, input }, attrs }) {
    const dx = host.output(input.shape);
    host.kernels.avgPoolGrad(
      host.geometry(
        geometryOf(poolingGradientWindow({ input, dy }, attrs)),
      ),
      host.address(dy),
      host.address(dx),
    );
    return dx;
  },
};
