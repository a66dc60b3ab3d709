import { util } from "@tensorflow/tfjs";
import { poolingGradientWindow } from "../common/window.ts";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { poolingCode, poolingIntegers } from "./pooling.ts";

/**
 * Gradient of 2-D max pooling: each output's gradient goes to the first maximum
 * of its window in reading order, as on the cpu backend and in PyTorch.
 *
 * The official kernel picks the last one. Where neighbouring patches of an image
 * are equal (saturated or flat areas), so are their activations, and the input
 * gradient of the two rules differs by the full value, a pixel apart.
 *
 * A NaN is never a maximum.
 */
export const maxPoolGrad: WebgpuKernel<"MaxPoolGrad"> = {
  name: "MaxPoolGrad",
  run(host, { inputs: { input, dy }, attrs }) {
    const window = poolingGradientWindow({ input, dy }, attrs);
    if (util.sizeFromShape(dy.shape) === 0) return host.zeros(input.shape);
    const dx = host.output(input.shape);
    elementwise(host, {
      scalar: true,
      key: "maxPoolGrad",
      inputs: { x: input, dy },
      outputs: { dx },
      integers: poolingIntegers(window),
      code,
    });
    return dx;
  },
};

const code = `
${poolingCode}

// Whether the element is the first maximum of the window that starts at
// corner: greater than all before it, and not less than any after it.
fn isFirstMaximum(image : i32, element : vec2<i32>, channel : i32,
                  corner : vec2<i32>) -> bool {
  let value = x[indexOf(image, element, channel, uniforms.inSize)];
  if (isNan(value)) { return false; }
  let low = max(corner, vec2<i32>(0));
  let high = min(corner + uniforms.window, uniforms.inSize);
  for (var r = low.x; r < high.x; r++) {
    for (var c = low.y; c < high.y; c++) {
      let other = x[indexOf(image, vec2<i32>(r, c), channel, uniforms.inSize)];
      let isBefore = r < element.x || (r == element.x && c < element.y);
      if (other > value || (isBefore && other == value)) { return false; }
    }
  }
  return true;
}

fn element(i : i32) {
  let e = elementOf(i);
  let lowest = firstWindow(e.yz);
  let highest = lastWindow(e.yz);
  var sum = 0.0;
  for (var r = lowest.x; r <= highest.x; r++) {
    for (var c = lowest.y; c <= highest.y; c++) {
      let corner = vec2<i32>(r, c) * uniforms.steps - uniforms.pads;
      if (isFirstMaximum(e.x, e.yz, e.w, corner)) {
        sum += dy[indexOf(e.x, vec2<i32>(r, c), e.w, uniforms.outSize)];
      }
    }
  }
  dx[i] = sum;
}`;
