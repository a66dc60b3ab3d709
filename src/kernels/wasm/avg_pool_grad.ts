import type { AvgPoolGradAttrs, TensorInfo } from "@tensorflow/tfjs";
import { eachImage, poolInfo } from "./pooling.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/**
 * Gradient of average pooling. Every pixel of a window gets one part in its
 * full size, as on the cpu backend, although TensorFlow.js's forward pass
 * divides by the pixels inside the image: where padding is "same", windows
 * that overhang differ from the derivative, here as there.
 */
export const avgPoolGrad: TrainingKernel = {
  name: "AvgPoolGrad",
  run(host, { inputs, attrs }) {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const info = poolInfo(input, attrs as unknown as AvgPoolGradAttrs);
    const dx = host.output(input.shape);
    host.clear(dx);
    const dxAt = host.address(dx);
    eachImage(
      host,
      info,
      { x: input, y: dy },
      (at, geometry) =>
        host.kernels.avgPoolGrad(
          at.y,
          ...geometry,
          dxAt + at.offset,
          info.outHeight,
          info.outWidth,
          1 / (info.filterHeight * info.filterWidth),
        ),
    );
    return dx;
  },
};
