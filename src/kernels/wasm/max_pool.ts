import { poolingGradientWindow, poolingWindow } from "../common/window.ts";
import { geometryOf } from "./geometry.ts";
import type { WasmKernel } from "./kernel_host.ts";

/** Max pooling; a NaN in a window is ignored, as on the cpu backend. */
export const maxPool: WasmKernel<"MaxPool"> = {
  name: "MaxPool",
  run(host, { inputs: { x }, attrs }) {
    const window = poolingWindow(x, attrs);
    const y = host.output(window.outShape);
    host.kernels.maxPool(
      host.geometry(geometryOf(window)),
      host.address(x),
      host.address(y),
    );
    return y;
  },
};

/**
 * Gradient of max pooling. The official kernel starts its search at zero and
 * so loses the gradient of any window whose maximum is not positive. A tie
 * goes to the first maximum in reading order, as on the cpu backend.
 */
export const maxPoolGrad: WasmKernel<"MaxPoolGrad"> = {
  name: "MaxPoolGrad",
  run(host, { inputs: { dy, input }, attrs }) {
    const dx = host.output(input.shape);
    host.kernels.maxPoolGrad(
      host.geometry(
        geometryOf(poolingGradientWindow({ input, dy }, attrs)),
      ),
      host.address(dy),
      host.address(input),
      host.address(dx),
    );
    return dx;
  },
};
