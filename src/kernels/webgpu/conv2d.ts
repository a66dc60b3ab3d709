import type { TensorInfo } from "@tensorflow/tfjs";
import { activationOf, hasColumnBias } from "../common/activation.ts";
import type { KernelCall } from "../common/kernel.ts";
import { convolutionWindow, type Window } from "../common/window.ts";
import {
  convolutionCode,
  convolutionIntegers,
  entriesOf,
  hasVectors,
  patchCode,
  positionsOf,
  reader,
} from "./convolution.ts";
import { biasAndActivation, type Epilogue } from "./epilogue.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";
import type { Factor } from "./factor.ts";
import { stripSource } from "./strip_source.ts";
import { stripsOf } from "./strips_of.ts";
import { multiply } from "./tiled_product.ts";

/** Convolution of NHWC images with HWIO filters. */
export const conv2d: WebgpuKernel<"Conv2D"> = {
  name: "Conv2D",
  accepts: ({ attrs }) => attrs.dataFormat !== "NCHW",
  run: (host, call) => convolve(host, call),
};

/** The same, and a bias and a clamp before results are stored. */
export const fusedConv2d: WebgpuKernel<"FusedConv2D"> = {
  name: "FusedConv2D",
  accepts: (call) =>
    call.attrs.dataFormat !== "NCHW" && activationOf(call) !== undefined &&
    hasColumnBias(call, call.inputs.filter.shape[3]!),
  run: (host, call) => convolve(host, call, biasAndActivation(call)),
};

function convolve(
  host: KernelHost,
  { inputs, attrs }: KernelCall<"Conv2D" | "FusedConv2D">,
  epilogue?: Epilogue,
): TensorInfo {
  const { x, filter } = inputs;
  const window = convolutionWindow(x.shape, filter.shape, attrs);
  const { a, b, bindings, strips } = forwardFactors(window, inputs);
  return multiply(
    host,
    {
      key: "conv2d",
      rows: positionsOf(window),
      columns: window.outChannels,
      depth: entriesOf(window),
      a,
      b,
      strips,
      inputs: bindings,
      integers: convolutionIntegers(window),
    },
    window.outShape,
    epilogue,
  );
}

/**
 * The factors of a forward pass: the patches of the images times the filters.
 *
 * @param byWindow Whether the four rows of a pooling window follow each other.
 */
export function forwardFactors(
  window: Window,
  { x, filter }: { x: TensorInfo; filter: TensorInfo },
  byWindow = false,
) {
  const fourIn = hasVectors(window, window.inChannels);
  const fourOut = window.outChannels % 4 === 0;
  const a: Factor = {
    form: "depth",
    vector: fourIn,
    code: convolutionCode + patchCode({
      position: "aSide",
      entry: "aDepth",
      vector: fourIn,
      byWindow,
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
  const strips = stripsOf(window, {
    from: "out",
    vector: fourIn,
    byWindow,
    inPairs: false,
    code: `
${
      stripSource({
        name: "strip",
        array: "x",
        vector: fourIn,
        isPooled: false,
        size: "uniforms.sourceSize",
        channels: "uniforms.channels",
      })
    }
fn stripFilter(row : i32, column : i32, term : i32, result : i32) -> vec4<f32> {
  let tap = row * ${window.filterWidth} + column;
  let at = (tap * uniforms.channels + term) * uniforms.columns;
  return filter_[(at + min(result, uniforms.columns - 4)) >> 2];
}`,
  });
  return {
    a,
    b,
    strips,
    bindings: {
      x: [x, fourIn ? "vec4<f32>" : "f32"],
      filter_: [filter, fourOut ? "vec4<f32>" : "f32"],
    } as const,
  };
}
