import { poolingWindow } from "../common/window.ts";
import { geometryOf } from "./geometry.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Average pooling, over the pixels of a window that are inside the image. It
 * needs no official kernel, so it can be recorded.
 */
export const avgPool: WasmKernel<"AvgPool"> = {
  name: "AvgPool",
  run(host, { inputs: { x }, attrs }) {
    const window = poolingWindow(x, attrs);
    const y = host.output(window.outShape);
    host.kernels.avgPool(
      host.geometry(geometryOf(window)),
      host.address(x),
      host.address(y),
    );
    return y;
  },
};
