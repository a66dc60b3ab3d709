import { util } from "@tensorflow/tfjs";
import { hasNotedWinners, poolingWindow } from "../common/window.ts";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { poolingCode, poolingIntegers } from "./pooling.ts";

/**
 * Max pooling that notes which pixel of a window won, one number each, so that
 * the images need not be kept for the gradient. The first of equals wins, and the
 * first NaN where there is one, as on wasm.
 */
export const maxPoolWinners: WebgpuKernel<"DupbenchMaxPool"> = {
  name: "DupbenchMaxPool",
  accepts: ({ inputs: { x }, attrs }) => hasNotedWinners(x, attrs),
  run(host, { inputs: { x }, attrs }) {
    const window = poolingWindow(x, attrs);
    const y = host.output(window.outShape);
    const places = host.output(window.outShape);
    elementwise(host, {
      key: "maxPoolWinners",
      scalar: true,
      inputs: { x },
      outputs: { y, places },
      integers: { ...poolingIntegers(window), lowest: [minusInfinity] },
      code: `
${poolingCode}
fn element(i : i32) {
  let e = elementIn(i, uniforms.outSize);
  let corner = e.yz * uniforms.steps - uniforms.pads;
  let low = max(corner, vec2<i32>(0));
  let high = min(corner + uniforms.window, uniforms.inSize);
  // What a window that holds no pixel keeps.
  var best = bitcast<f32>(uniforms.lowest);
  var place = -1;
  for (var r = low.x; r < high.x; r++) {
    for (var c = low.y; c < high.y; c++) {
      let value = x[indexOf(e.x, vec2<i32>(r, c), e.w, uniforms.inSize)];
      if (place < 0 || value > best || (isNan(value) && !isNan(best))) {
        best = value;
        place = (r - corner.x) * uniforms.window.y + c - corner.y;
      }
    }
  }
  y[i] = best;
  places[i] = f32(place);
}`,
    });
    return [y, places];
  },
};

/** The bits of -Infinity, which WGSL has no constant for. */
const minusInfinity = -0x800000;

/** Its gradient: each pixel adds those of the windows that it won, in order. */
export const maxPoolWinnersGrad: WebgpuKernel<"DupbenchMaxPoolGrad"> = {
  name: "DupbenchMaxPoolGrad",
  run(host, { inputs: { dy, winners }, attrs }) {
    const { inputShape } = attrs;
    const window = poolingWindow({ shape: inputShape }, attrs);
    if (util.sizeFromShape(dy.shape) === 0) return host.zeros(inputShape);
    const dx = host.output(inputShape);
    elementwise(host, {
      key: "maxPoolWinnersGrad",
      scalar: true,
      inputs: { dy, places: winners },
      outputs: { dx },
      integers: poolingIntegers(window),
      code: `
${poolingCode}
fn element(i : i32) {
  let e = elementOf(i);
  let lowest = firstWindow(e.yz);
  let highest = lastWindow(e.yz);
  var sum = 0.0;
  for (var r = lowest.x; r <= highest.x; r++) {
    for (var c = lowest.y; c <= highest.y; c++) {
      let corner = vec2<i32>(r, c) * uniforms.steps - uniforms.pads;
      let place = (e.y - corner.x) * uniforms.window.y + e.z - corner.y;
      let at = indexOf(e.x, vec2<i32>(r, c), e.w, uniforms.outSize);
      if (i32(places[at]) == place) { sum += dy[at]; }
    }
  }
  dx[i] = sum;
}`,
    });
    return dx;
  },
};
