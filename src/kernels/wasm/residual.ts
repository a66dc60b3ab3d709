import { util } from "@tensorflow/tfjs";
import type { WasmKernel } from "./kernel_host.ts";

type Shape4D = [number, number, number, number];

/** A residual addition and relu in one pass, whatever the size of the shortcut. */
export const residualAdd: WasmKernel<"DupbenchResidualAdd"> = {
  name: "DupbenchResidualAdd",
  run(host, { inputs: { x, shortcut }, attrs: { stride, relu } }) {
    const y = host.output(x.shape);
    if (stride === 1 && util.arraysEqual(x.shape, shortcut.shape)) {
      host.kernels.residualAdd(
        host.address(x),
        host.address(shortcut),
        util.sizeFromShape(x.shape),
        relu,
        host.address(y),
      );
      return y;
    }
    const [, inHeight, inWidth, inChannels] = shortcut.shape as Shape4D;
    host.kernels.residualAddStrided(
      host.address(x),
      host.address(shortcut),
      ...x.shape as Shape4D,
      inHeight,
      inWidth,
      inChannels,
      stride,
      relu,
      host.address(y),
    );
    return y;
  },
};

/** Its gradient for a shortcut of another size. */
export const shortcutGrad: WasmKernel<"DupbenchShortcutGrad"> = {
  name: "DupbenchShortcutGrad",
  run(host, { inputs: { dy }, attrs: { inputShape, stride } }) {
    const [, height, width, channels] = inputShape;
    const dx = host.output(inputShape);
    host.kernels.shortcutGrad(
      host.address(dy),
      ...dy.shape as Shape4D,
      height,
      width,
      channels,
      stride,
      host.address(dx),
    );
    return dx;
  },
};
