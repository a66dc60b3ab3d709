import { util } from "@tensorflow/tfjs";
import { rowsInSlice } from "./column_sums.ts";
import { blockWindow } from "../common/window.ts";
import { forwardFactors } from "./conv2d.ts";
import { filterGradient } from "./conv2d_backprop_filter.ts";
import { inputGradient } from "./conv2d_backprop_input.ts";
import { convolutionIntegers, entriesOf, positionsOf } from "./convolution.ts";
import type { WebgpuKernel } from "./kernel_host.ts";
import { sumSlices } from "./sum_slices.ts";
import { multiplyInto } from "./tiled_product.ts";

/**
 * Convolution of stride 1 with "same" padding, bias, relu and 2x2 max pooling
 * in one program: a thread has all four pixels of its windows in registers, so
 * that nothing of full size is ever written. Gives the pooled images and their
 * winners, which the gradients need.
 */
export const convReluPool: WebgpuKernel<"DupbenchConvReluPool"> = {
  name: "DupbenchConvReluPool",
  run(host, { inputs: { x, filter, bias } }) {
    const { window, pooledShape } = blockWindow(x.shape, filter.shape);
    const { outChannels } = window;
    const pooled = host.output(pooledShape);
    const winners = host.output(
      [...pooledShape.slice(0, -1), outChannels / 4],
      "int32",
    );
    if (positionsOf(window) * outChannels > 0) {
      const { a, b, bindings, strips } = forwardFactors(
        window,
        { x, filter },
        true,
      );
      multiplyInto(host, {
        key: "convReluPool",
        rows: positionsOf(window),
        columns: outChannels,
        depth: entriesOf(window),
        a,
        b,
        strips,
        store,
        inputs: { ...bindings, bias: [bias, "vec4<f32>"] },
        integers: convolutionIntegers(window),
      }, { pooled: [pooled, "vec4<f32>"], winners: [winners, "i32"] });
    }
    return [pooled, winners];
  },
};

/**
 * The first of the largest wins, as on the other backends; a NaN is larger than
 * all, so that a run that diverged is noticed.
 */
const store = `
fn isNan(value : vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(value) & vec4<u32>(0x7fffffffu))
      > vec4<u32>(0x7f800000u);
}
fn store(row : i32, column : i32, slice : i32, v0 : vec4<f32>, v1 : vec4<f32>,
         v2 : vec4<f32>, v3 : vec4<f32>) {
  let shift = bias[column / 4];
  let v = array<vec4<f32>, 4>(v0 + shift, v1 + shift, v2 + shift, v3 + shift);
  var best = vec4<f32>();
  var place = vec4<i32>();
  ${
  [0, 1, 2, 3].map((i) =>
    `{ let wins = (v[${i}] > best) | (isNan(v[${i}]) & !isNan(best));
    best = select(best, v[${i}], wins);
    place = select(place, vec4<i32>(${i + 1}), wins); }`
  ).join("\n  ")
}
  let at = ((row / 4) * uniforms.columns + column) / 4;
  pooled[at] = best;
  winners[at] = place.x | (place.y << 8u) | (place.z << 16u) | (place.w << 24u);
}`;

/** Its gradient for the images. */
export const convReluPoolInputGrad: WebgpuKernel<
  "DupbenchConvReluPoolInputGrad"
> = {
  name: "DupbenchConvReluPoolInputGrad",
  run(host, { inputs, attrs }) {
    const { window } = blockWindow(attrs.inputShape, inputs.filter.shape);
    return inputGradient(host, window, inputs);
  },
};

/** Its gradient for the filters. */
export const convReluPoolFilterGrad: WebgpuKernel<
  "DupbenchConvReluPoolFilterGrad"
> = {
  name: "DupbenchConvReluPoolFilterGrad",
  run(host, { inputs, attrs }) {
    const { window } = blockWindow(inputs.x.shape, attrs.filterShape);
    return filterGradient(host, window, inputs);
  },
};

const threads = 64;

/** Its gradient for the bias. */
export const convReluPoolBiasGrad: WebgpuKernel<
  "DupbenchConvReluPoolBiasGrad"
> = {
  name: "DupbenchConvReluPoolBiasGrad",
  run(host, { inputs: { dy, winners } }) {
    const columns = dy.shape.at(-1)!;
    const rows = util.sizeFromShape(dy.shape.slice(0, -1));
    if (rows * columns === 0) return host.zeros([columns]);
    const inSlice = rowsInSlice(rows);
    const slices = Math.ceil(rows / inSlice);
    const partial = host.output(
      slices === 1 ? [columns] : [slices, columns],
    );
    const groups = Math.ceil(slices * columns / 4 / threads);
    host.run({
      key: "convReluPoolBiasGrad",
      code: `
fn main(thread : i32, group : vec3<i32>) {
  let i = group.x * ${threads} + thread;
  if (i >= uniforms.slices * uniforms.columns) { return; }
  let slice = quotient(i, uniforms.columns);
  let column = i - slice * uniforms.columns;
  let last = min((slice + 1) * uniforms.inSlice, uniforms.rows);
  var sum = vec4<f32>();
  for (var row = slice * uniforms.inSlice; row < last; row++) {
    let at = row * uniforms.columns + column;
    let won = vec4<i32>(winners[at]) & vec4<i32>(255, 0xff00, 0xff0000, -0x1000000);
    sum += select(vec4<f32>(), dy[at], won != vec4<i32>());
  }
  partial[i] = sum;
}`,
      inputs: { dy: [dy, "vec4<f32>"], winners: [winners, "i32"] },
      outputs: { partial: [partial, "vec4<f32>"] },
      integers: {
        rows: [rows],
        columns: [columns / 4],
        slices: [slices],
        inSlice: [inSlice],
      },
      threads,
      workgroups: [groups, 1, 1],
      values: "vec4<f32>",
      gives: "partial",
    });
    if (slices === 1) return partial;
    const sum = sumSlices(host, partial, [columns]);
    host.dispose(partial);
    return sum;
  },
};
