import {
  hasNotedWinners,
  poolingGradientWindow,
  poolingWindow,
} from "../common/window.ts";
import { geometryOf } from "./geometry.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Max pooling that notes, one byte each, which pixel of a window won, so that
 * the images need not be kept for the gradient.
 */
export const maxPoolWinners: WasmKernel<"DupbenchMaxPool"> = {
  name: "DupbenchMaxPool",
  accepts: ({ inputs: { x }, attrs }) => hasNotedWinners(x, attrs),
  run(host, { inputs: { x }, attrs }) {
    const window = poolingWindow(x, attrs);
    const y = host.output(window.outShape);
    const winners = host.output(window.outShape, "bool");
    host.kernels.maxPoolWinners(
      host.geometry(geometryOf(window)),
      host.address(x),
      host.address(y),
      host.address(winners),
    );
    return [y, winners];
  },
};

/** Its gradient. */
export const maxPoolWinnersGrad: WasmKernel<"DupbenchMaxPoolGrad"> = {
  name: "DupbenchMaxPoolGrad",
  run(host, { inputs: { dy, winners }, attrs }) {
    const { inputShape } = attrs;
    const input = { shape: inputShape };
    const window = poolingGradientWindow({ input, dy }, attrs);
    const dx = host.output(inputShape);
    host.kernels.maxPoolWinnersGrad(
      host.geometry(geometryOf(window)),
      host.address(dy),
      host.address(winners),
      host.address(dx),
    );
    return dx;
  },
};
