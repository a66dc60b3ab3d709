import type { TensorInfo } from "@tensorflow/tfjs";
import type { KernelCall } from "../common/kernel.ts";
import {
  convolutionWindow,
  fitsGradient,
  gradientWindow,
  type Window,
} from "../common/window.ts";
import {
  convolutionCode,
  convolutionIntegers,
  hasVectors,
  reader,
} from "./convolution.ts";
import type { KernelHost, WebgpuKernel } from "./kernel_host.ts";
import type { Factor } from "./factor.ts";
import { stripSource } from "./strip_source.ts";
import { stripsOf } from "./strips_of.ts";
import { multiply } from "./tiled_product.ts";
import { unpooledReader, type Winners } from "./winners.ts";

/**
 * dL/dX of a convolution: each pixel sums, over taps and output channels, the
 * gradients of the outputs that it contributes to. Any stride, padding and dilation.
 */
export const conv2dBackpropInput: WebgpuKernel<"Conv2DBackpropInput"> = {
  name: "Conv2DBackpropInput",
  accepts: (call) =>
    call.attrs.dataFormat !== "NCHW" &&
    fitsGradient(windowOf(call), call.inputs.dy, call.attrs),
  run(host, call) {
    const window = gradientWindow(windowOf(call), call.inputs.dy);
    return inputGradient(host, window, call.inputs);
  },
};

const windowOf = (
  { inputs: { filter }, attrs }: KernelCall<"Conv2DBackpropInput">,
) => convolutionWindow(attrs.inputShape, filter.shape, attrs);

/** That gradient; with winners, `dy` is that of pooled outputs, spread first. */
export function inputGradient(
  host: KernelHost,
  window: Window,
  { dy, filter, winners }: {
    dy: TensorInfo;
    filter: TensorInfo;
    winners?: Winners;
  },
): TensorInfo {
  const four = hasVectors(window, window.outChannels);
  const stepsByOne = window.strideHeight === 1 && window.strideWidth === 1;
  const a: Factor = {
    form: "depth",
    vector: four,
    code: `${convolutionCode}
${winners ? unpooledReader : plainReader(four)}
fn aSide(index : i32) -> vec4<i32> {
  if (index >= uniforms.rows) { return vec4<i32>(far); }
  let p = positionOf(index, uniforms.inSize);
  return vec4<i32>(p.x, p.yz + uniforms.pads, 0);
}
fn aDepth(index : i32) -> vec4<i32> {
  if (index >= uniforms.depth) { return vec4<i32>(-far); }
  let e = entryOf(index, uniforms.outChannels);
  return vec4<i32>(e.z, e.xy, 0);
}
fn aAt(side : vec4<i32>, depth : vec4<i32>) -> Element_dy {
  let reach = side.yz - depth.yz;
  ${
      stepsByOne ? "let at = reach;" : `let at = reach / uniforms.steps;
  if (any(at * uniforms.steps != reach)) { return Element_dy(); }`
    }
  if (any(reach < vec2<i32>(0)) || any(at >= uniforms.outSize)) {
    return Element_dy();
  }
  return read_dy_at(side.x, at, depth.x);
}`,
  };
  const b: Factor = {
    form: "depth",
    vector: four,
    code: `
${reader("filter_", four)}
fn bSide(index : i32) -> vec4<i32> {
  return vec4<i32>(index * uniforms.outChannels, i32(index < uniforms.columns),
                   0, 0);
}
fn bDepth(index : i32) -> vec4<i32> {
  // Entries of taps and outputs; in between lie the columns, input channels.
  let tap = quotient(index, uniforms.outChannels);
  return vec4<i32>(tap * (uniforms.columns - 1) * uniforms.outChannels + index,
                   i32(index < uniforms.depth), 0, 0);
}
fn bAt(side : vec4<i32>, depth : vec4<i32>) -> Element_filter_ {
  if (side.y * depth.y == 0) { return Element_filter_(); }
  return read_filter_(side.x + depth.x);
}`,
  };
  const type = four ? "vec4<f32>" : "f32";
  return multiply(host, {
    key: `conv2dBackpropInput_${stepsByOne}_${winners !== undefined}`,
    rows: window.batchSize * window.inHeight * window.inWidth,
    columns: window.inChannels,
    depth: window.filterHeight * window.filterWidth * window.outChannels,
    a,
    b,
    strips: stripsOf(window, {
      from: "in",
      vector: four,
      byWindow: false,
      inPairs: winners !== undefined,
      code: `
${
        stripSource({
          name: "strip",
          array: "dy",
          vector: four,
          isPooled: winners !== undefined,
          size: "uniforms.sourceSize",
          channels: "uniforms.channels",
        })
      }
fn stripFilter(row : i32, column : i32, term : i32, result : i32) -> vec4<f32> {
  let tap = (uniforms.filterRows - 1 - row) * ${window.filterWidth}
      + ${window.filterWidth - 1} - column;
  let at = tap * uniforms.columns + min(result, uniforms.columns - 1);
  return filter_[(at * uniforms.channels + term) >> 2];
}`,
    }),
    inputs: {
      dy: [dy, type],
      filter_: [filter, type],
      ...(winners && { winners: [winners, "i32"] as const }),
    },
    integers: convolutionIntegers(window),
  }, window.inShape);
}

function plainReader(vector: boolean): string {
  return `${reader("dy", vector)}
fn read_dy_at(image : i32, at : vec2<i32>, channel : i32) -> Element_dy {
  return read_dy(dot(vec4<i32>(image, at, channel), uniforms.outStrides));
}`;
}
