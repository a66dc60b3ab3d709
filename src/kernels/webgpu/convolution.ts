import { backend_util } from "@tensorflow/tfjs";

/** The numbers of a convolution. */
export type Convolution = backend_util.Conv2DInfo;

/** What TensorFlow.js's convolution kernels have in common. */
export interface ConvolutionAttrs {
  strides: number | [number, number];
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dilations?: number | [number, number];
  dataFormat?: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Reads the attributes of a convolution kernel. */
export function convolutionOf(
  inShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvolutionAttrs,
): Convolution {
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(attrs.dataFormat ?? "NHWC"),
  );
}

/** Whether the four numbers behind each other in memory are channels. */
export function hasVectors(c: Convolution, channels: number): boolean {
  return c.dataFormat === "channelsLast" && channels % 4 === 0;
}

/** Positions of the output: the rows of the convolution as a product. */
export function positionsOf(c: Convolution): number {
  return c.batchSize * c.outHeight * c.outWidth;
}

/** Numbers that one output sums over: taps times input channels. */
export function entriesOf(c: Convolution): number {
  return c.filterHeight * c.filterWidth * c.inChannels;
}

/** The uniforms that `convolutionCode` reads. */
export function convolutionIntegers(
  c: Convolution,
): Record<string, readonly number[]> {
  return {
    inStrides: strides(c, c.inHeight, c.inWidth, c.inChannels),
    outStrides: strides(c, c.outHeight, c.outWidth, c.outChannels),
    inSize: [c.inHeight, c.inWidth],
    outSize: [c.outHeight, c.outWidth],
    steps: [c.strideHeight, c.strideWidth],
    pads: [c.padInfo.top, c.padInfo.left],
    dilations: [c.dilationHeight, c.dilationWidth],
    filterWidth: [c.filterWidth],
    inChannels: [c.inChannels],
    outChannels: [c.outChannels],
  };
}

/** Steps in memory between neighbours along image, row, column and channel. */
function strides(
  { dataFormat }: Convolution,
  height: number,
  width: number,
  channels: number,
): number[] {
  const image = height * width * channels;
  return dataFormat === "channelsLast"
    ? [image, width * channels, channels, 1]
    : [image, width, 1, height * width];
}

/** How the elements of an array are read: one by one or in fours. */
export function reader(name: string, vector: boolean): string {
  const [type, shift] = vector ? ["vec4<f32>", 2] : ["f32", 0];
  return `fn read_${name}(at : i32) -> ${type} { return ${name}[at >> ${shift}]; }
alias Element_${name} = ${type};`;
}

/**
 * What all programs of convolutions share. A position is an element of an
 * image plane, an entry a pair of filter tap and channel.
 */
export const convolutionCode = `
// Beyond any image, also when another such is added or subtracted.
const far = -0x1000000;

// Image, row and column of a position, counted along rows.
fn positionOf(index : i32, size : vec2<i32>) -> vec3<i32> {
  let line = index / size.y;
  let image = line / size.x;
  return vec3<i32>(image, line - image * size.x, index - line * size.y);
}

// The same, where the four positions of a 2x2 window follow each other.
fn windowPositionOf(index : i32, size : vec2<i32>) -> vec3<i32> {
  let window = positionOf(index >> 2, size / 2);
  let part = vec2<i32>((index >> 1) & 1, index & 1);
  return vec3<i32>(window.x, 2 * window.yz + part);
}

// Offset in the image, and channel, of an entry.
fn entryOf(index : i32, channels : i32) -> vec3<i32> {
  let tap = index / channels;
  let row = tap / uniforms.filterWidth;
  let column = tap - row * uniforms.filterWidth;
  return vec3<i32>(vec2<i32>(row, column) * uniforms.dilations,
                   index - tap * channels);
}`;

/**
 * The patches of the input as a matrix: `position` by `entry`. Used by the
 * forward pass and, transposed, by the filter gradient.
 *
 * @param count Uniforms that hold the count of positions and of entries.
 * @param windows Whether positions follow each other window by window.
 */
export function patchCode(
  { position, entry, vector, windows = false, count }: {
    position: string;
    entry: string;
    vector: boolean;
    windows?: boolean;
    count: { positions: string; entries: string };
  },
): string {
  const decode = windows ? "windowPositionOf" : "positionOf";
  return `
${reader("x", vector)}
fn ${position}(index : i32) -> vec4<i32> {
  if (index >= uniforms.${count.positions}) { return vec4<i32>(far); }
  let p = ${decode}(index, uniforms.outSize);
  return vec4<i32>(p.x * uniforms.inStrides.x,
                   p.yz * uniforms.steps - uniforms.pads, 0);
}
fn ${entry}(index : i32) -> vec4<i32> {
  if (index >= uniforms.${count.entries}) { return vec4<i32>(far); }
  let e = entryOf(index, uniforms.inChannels);
  return vec4<i32>(e.z * uniforms.inStrides.w, e.xy, 0);
}
fn aAt(side : vec4<i32>, depth : vec4<i32>) -> Element_x {
  let at = side.yz + depth.yz;
  if (any(at < vec2<i32>(0)) || any(at >= uniforms.inSize)) {
    return Element_x();
  }
  return read_x(side.x + depth.x + dot(at, uniforms.inStrides.yz));
}`;
}
