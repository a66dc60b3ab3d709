import type { TensorInfo } from "@tensorflow/tfjs";
import {
  type Convolution,
  type ConvolutionAttrs,
  convolutionCode,
  convolutionIntegers,
  convolutionOf,
  entriesOf,
  hasVectors,
  patchCode,
  positionsOf,
  reader,
} from "./convolution.ts";
import type { KernelHost } from "./kernel_host.ts";
import { type Factor, multiply } from "./tiled_product.ts";
import type { TrainingKernel } from "./training_kernel.ts";

/** Convolution of NHWC images with HWIO filters. */
export const conv2d: TrainingKernel = {
  name: "Conv2D",
  accepts: ({ attrs }) => attrs?.["dataFormat"] !== "NCHW",
  run(host, { inputs, attrs }) {
    const { x, filter } = inputs as Record<"x" | "filter", TensorInfo>;
    const c = convolutionOf(
      x.shape,
      filter.shape,
      attrs as unknown as ConvolutionAttrs,
    );
    return convolve(host, c, { x, filter });
  },
};

/** The patches of the images times the filters. */
function convolve(
  host: KernelHost,
  c: Convolution,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
): TensorInfo {
  const { a, b, bindings } = forwardFactors(c, { x, filter });
  return multiply(host, {
    key: "conv2d",
    rows: positionsOf(c),
    columns: c.outChannels,
    depth: entriesOf(c),
    a,
    b,
    inputs: bindings,
    integers: convolutionIntegers(c),
  }, c.outShape);
}

/**
 * The factors of a forward pass.
 *
 * @param windows Whether rows follow each other window by window.
 */
export function forwardFactors(
  c: Convolution,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
  windows = false,
) {
  const fourIn = hasVectors(c, c.inChannels);
  const fourOut = c.outChannels % 4 === 0;
  const a: Factor = {
    form: "depth",
    vector: fourIn,
    code: convolutionCode + patchCode({
      position: "aSide",
      entry: "aDepth",
      vector: fourIn,
      windows,
      count: { positions: "rows", entries: "depth" },
    }),
  };
  const b: Factor = {
    form: "side",
    vector: fourOut,
    code: `
${reader("filter_", fourOut)}
fn bSide(index : i32) -> vec4<i32> {
  return vec4<i32>(index, i32(index < uniforms.columns), 0, 0);
}
fn bDepth(index : i32) -> vec4<i32> {
  return vec4<i32>(index * uniforms.columns, i32(index < uniforms.depth), 0, 0);
}
fn bAt(side : vec4<i32>, depth : vec4<i32>) -> Element_filter_ {
  if (side.y * depth.y == 0) { return Element_filter_(); }
  return read_filter_(side.x + depth.x);
}`,
  };
  return {
    a,
    b,
    bindings: {
      x: [x, fourIn ? "vec4<f32>" : "f32"],
      filter_: [filter, fourOut ? "vec4<f32>" : "f32"],
    } as const,
  };
}
