import type { AvgPoolGradAttrs, TensorInfo } from "@tensorflow/tfjs";
import { util } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import { poolingCode, poolingIntegers, poolingOf } from "./pooling.ts";
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
    const { input, dy } = inputs as Record<"input" | "dy", TensorInfo>;
    const pooling = poolingOf(input, attrs as unknown as AvgPoolGradAttrs);
    if (util.sizeFromShape(dy.shape) === 0) return host.zeros(input.shape);
    const dx = host.output(input.shape);
    elementwise(host, {
      scalar: true,
      key: "avgPoolGrad",
      inputs: { dy },
      outputs: { dx },
      integers: poolingIntegers(pooling),
      floats: { share: 1 / (pooling.filterHeight * pooling.filterWidth) },
      code,
    });
    return dx;
  },
};

const code = `
${poolingCode}
fn element(i : i32) {
  let e = elementOf(i);
  let lowest = firstWindow(e.yz);
  let highest = lastWindow(e.yz);
  var sum = 0.0;
  for (var r = lowest.x; r <= highest.x; r++) {
    for (var c = lowest.y; c <= highest.y; c++) {
      sum += dy[indexOf(e.x, vec2<i32>(r, c), e.w, uniforms.outSize)];
    }
  }
  dx[i] = sum * uniforms.share;
}`;
