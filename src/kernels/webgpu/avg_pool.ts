import { poolingWindow, type Window } from "../common/window.ts";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { poolingCode, poolingIntegers } from "./pooling.ts";

/**
 * Average pooling, over the pixels of a window that are inside the image. It
 * needs no official kernel, so it can be recorded.
 */
export const avgPool: WebgpuKernel<"AvgPool"> = {
  name: "AvgPool",
  accepts: ({ inputs: { x }, attrs }) => !isShortcut(poolingWindow(x, attrs)),
  run(host, { inputs: { x }, attrs }) {
    const window = poolingWindow(x, attrs);
    const y = host.output(window.outShape);
    elementwise(host, {
      key: "avgPool",
      scalar: true,
      inputs: { x },
      outputs: { y },
      integers: poolingIntegers(window),
      code,
    });
    return y;
  },
};

/**
 * Whether TensorFlow.js takes the input for the output: windows of one pixel in
 * padded images, as many as there are pixels, of which some hold none.
 */
function isShortcut(window: Window): boolean {
  const { filterHeight, filterWidth, inShape, outShape, padInfo } = window;
  return filterHeight === 1 && filterWidth === 1 &&
    padInfo.top + padInfo.left > 0 && inShape.join() === outShape.join();
}

const code = `
${poolingCode}
fn element(i : i32) {
  let e = elementIn(i, uniforms.outSize);
  let corner = e.yz * uniforms.steps - uniforms.pads;
  let low = max(corner, vec2<i32>(0));
  let high = min(corner + uniforms.window, uniforms.inSize);
  var sum = 0.0;
  for (var r = low.x; r < high.x; r++) {
    for (var c = low.y; c < high.y; c++) {
      sum += x[indexOf(e.x, vec2<i32>(r, c), e.w, uniforms.inSize)];
    }
  }
  let size = high - low;
  y[i] = sum / f32(size.x * size.y);
}`;
