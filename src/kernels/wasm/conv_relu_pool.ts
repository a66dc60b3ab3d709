import { util } from "@tensorflow/tfjs";
import { blockWindow } from "../common/window.ts";
import {
  convolveBack,
  convolveBlock,
  convolveFilterGradient,
} from "./convolve.ts";
import type { WasmKernel } from "./kernel_host.ts";

/**
 * Convolution of stride 1 with "same" padding, bias, relu and 2x2 max pooling,
 * image by image, so that nothing of full size is ever written. Gives the
 * pooled images and, one byte each, which pixel won: what the gradients need.
 */
export const convReluPool: WasmKernel<"DupbenchConvReluPool"> = {
  name: "DupbenchConvReluPool",
  run(host, { inputs: { x, filter, bias } }) {
    const { window, pooledShape } = blockWindow(x.shape, filter.shape);
    const pooled = host.output(pooledShape);
    const winners = host.output(pooledShape, "bool");
    convolveBlock(host, window, {
      source: host.address(x),
      filter: host.address(filter),
      bias: host.address(bias),
      out: host.address(pooled),
      winners: host.address(winners),
    });
    return [pooled, winners];
  },
};

/** Its gradient for the images. */
export const convReluPoolInputGrad: WasmKernel<
  "DupbenchConvReluPoolInputGrad"
> = {
  name: "DupbenchConvReluPoolInputGrad",
  run(host, { inputs: { dy, filter, winners }, attrs: { inputShape } }) {
    const { window } = blockWindow(inputShape, filter.shape);
    const dx = host.output(inputShape);
    convolveBack(host, window, {
      dy: host.address(dy),
      winners: host.address(winners),
      filter: host.address(filter),
      dx: host.address(dx),
    });
    return dx;
  },
};

/** Its gradient for the filters. */
export const convReluPoolFilterGrad: WasmKernel<
  "DupbenchConvReluPoolFilterGrad"
> = {
  name: "DupbenchConvReluPoolFilterGrad",
  run(host, { inputs: { x, dy, winners }, attrs: { filterShape } }) {
    const { window } = blockWindow(x.shape, filterShape);
    const dw = host.output(filterShape);
    convolveFilterGradient(host, window, {
      x: host.address(x),
      dy: host.address(dy),
      winners: host.address(winners),
      dw: host.address(dw),
    });
    return dw;
  },
};

/** Its gradient for the bias. */
export const convReluPoolBiasGrad: WasmKernel<"DupbenchConvReluPoolBiasGrad"> =
  {
    name: "DupbenchConvReluPoolBiasGrad",
    run(host, { inputs: { dy, winners } }) {
      const columns = dy.shape.at(-1)!;
      const db = host.output([columns]);
      host.kernels.sumWinners(
        host.address(dy),
        host.address(winners),
        util.sizeFromShape(dy.shape.slice(0, -1)),
        columns,
        host.address(db),
      );
      return db;
    },
  };
