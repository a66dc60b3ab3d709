import type { MaxPoolAttrs, TensorInfo } from "@tensorflow/tfjs";
import { eachImage, poolInfo } from "./pooling.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** Max pooling; a NaN in a window is its maximum, as in PyTorch. */
export const maxPool: TrainingKernel = {
  name: "MaxPool",
  run(host, { inputs, attrs }) {
    const { x } = inputs as Record<"x", TensorInfo>;
    const info = poolInfo(x, attrs as unknown as MaxPoolAttrs);
    const y = host.output(info.outShape);
    eachImage(
      host,
      info,
      { x, y },
      (at, geometry) =>
        host.kernels.maxPool(
          at.x,
          ...geometry,
          at.y,
          info.outHeight,
          info.outWidth,
        ),
    );
    return y;
  },
};

/**
 * Gradient of max pooling. The official kernel starts its search at zero and
 * so loses the gradient of any window whose maximum is not positive. A tie
 * goes to the first maximum in reading order, as on the cpu backend.
 */
export const maxPoolGrad: TrainingKernel = {
  name: "MaxPoolGrad",
  run(host, { inputs, attrs }) {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const info = poolInfo(input, attrs as unknown as MaxPoolAttrs);
    const dx = host.output(input.shape);
    host.clear(dx);
    const dxAt = host.address(dx);
    eachImage(
      host,
      info,
      { x: input, y: dy },
      (at, geometry) =>
        host.kernels.maxPoolGrad(
          at.y,
          at.x,
          ...geometry,
          dxAt + at.offset,
          info.outHeight,
          info.outWidth,
        ),
    );
    return dx;
  },
};
