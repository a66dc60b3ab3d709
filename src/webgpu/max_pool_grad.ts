import {
  backend_util,
  type KernelConfig,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
} from "@tensorflow/tfjs";
import { kernelCall, runProgram } from "./webgpu_kernel.ts";

/**
 * dL/dX of 2-D max pooling: each output's gradient goes to the first maximum
 * of its window in reading order, as on the cpu backend and in PyTorch.
 *
 * The stock kernel picks the last one. Where neighbouring patches of an image
 * are equal (saturated or flat areas), so are their activations, and the input
 * gradient of the two rules differs by the full value, a pixel apart.
 *
 * Each thread makes one input element, so nothing is added atomically and the
 * result is the same every time. A NaN is never a maximum.
 */
export const maxPoolGrad: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: "webgpu",
  kernelFunc(call) {
    const { inputs: { input, dy }, attrs, backend } = kernelCall<
      "input" | "dy",
      MaxPoolGradAttrs
    >(call);
    const pool = backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      attrs.filterSize,
      attrs.strides,
      1,
      attrs.pad,
      attrs.dimRoundingMode,
    );
    return runProgram(backend, [input, dy], {
      key: "maxPoolGrad",
      outputShape: pool.inShape,
      inputs: ["x", "dy"],
      uniforms: {
        outSize: [pool.outHeight, pool.outWidth],
        window: [pool.filterHeight, pool.filterWidth],
        steps: [pool.strideHeight, pool.strideWidth],
        pads: [pool.padInfo.top, pool.padInfo.left],
      },
      code,
    });
  },
};

const code = `
  // Whether the element is the first maximum of the window that starts at
  // corner: greater than all before it, and not less than any after it.
  fn isFirstMaximum(image : i32, element : vec2<i32>, channel : i32,
                    corner : vec2<i32>) -> bool {
    let size = uniforms.xShape.yz;
    let value = getX(image, element.x, element.y, channel);
    let low = max(corner, vec2<i32>(0));
    let high = min(corner + uniforms.window, size);
    for (var r = low.x; r < high.x; r++) {
      for (var c = low.y; c < high.y; c++) {
        let other = getX(image, r, c, channel);
        let isBefore = r < element.x || (r == element.x && c < element.y);
        if (other > value || (isBefore && other == value)) {
          return false;
        }
      }
    }
    return !isnan(value);
  }

  fn main(index : i32) {
    if (index >= uniforms.size) {
      return;
    }
    let coords = getCoordsFromIndex(index);
    let element = coords.yz;
    // Windows that hold the element: those from the first one that ends behind
    // it to the last one that starts at or before it.
    let reach = element + uniforms.pads;
    let lowest = max((reach - uniforms.window + uniforms.steps) / uniforms.steps,
                     vec2<i32>(0));
    let highest = min(reach / uniforms.steps, uniforms.outSize - 1);
    var sum = 0.0;
    for (var r = lowest.x; r <= highest.x; r++) {
      for (var c = lowest.y; c <= highest.y; c++) {
        let corner = vec2<i32>(r, c) * uniforms.steps - uniforms.pads;
        if (isFirstMaximum(coords.x, element, coords.w, corner)) {
          sum += getDy(coords.x, r, c, coords.w);
        }
      }
    }
    setOutputAtIndex(index, sum);
  }
`;
