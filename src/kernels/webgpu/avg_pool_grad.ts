import { util } from "@tensorflow/tfjs";
import { poolingGradientWindow } from "../common/window.ts";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { poolingCode, poolingIntegers } from "./pooling.ts";

/**
 * Gradient of average pooling. Every pixel of a window gets one part in its
 * full size, as on the cpu backend, although TensorFlow.js's forward pass
 * divides by the count of pixels inside the image: with "same" padding, the
 * gradient of windows that overhang differs from the derivative on both.
 */
export const avgPoolGrad: WebgpuKernel<"AvgPoolGrad"> = {
  name: "AvgPoolGrad",
  run(host, { inputs: { input, dy }, attrs }) {
    const window = poolingGradientWindow({ input, dy }, attrs);
    if (util.sizeFromShape(dy.shape) === 0) return host.zeros(input.shape);
    const dx = host.output(input.shape);
    elementwise(host, {
      scalar: true,
      key: "avgPoolGrad",
      inputs: { dy },
      outputs: { dx },
      integers: poolingIntegers(window),
      floats: { share: 1 / (window.filterHeight * window.filterWidth) },
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
