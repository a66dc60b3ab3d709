import type { Window } from "../common/window.ts";

/** Whether four numbers that follow each other in memory are channels. */
export function hasVectors(window: Window, channels: number): boolean {
  return window.dataFormat === "channelsLast" && channels % 4 === 0;
}

/** Positions of the output: the rows of the convolution as a product. */
export function positionsOf(window: Window): number {
  return window.batchSize * window.outHeight * window.outWidth;
}

/** Numbers that one output sums over: taps times input channels. */
export function entriesOf(window: Window): number {
  return window.filterHeight * window.filterWidth * window.inChannels;
}

/** The uniforms that `convolutionCode` reads. */
export function convolutionIntegers(
  window: Window,
): Record<string, readonly number[]> {
  return {
    inStrides: strides(
      window,
      window.inHeight,
      window.inWidth,
      window.inChannels,
    ),
    outStrides: strides(
      window,
      window.outHeight,
      window.outWidth,
      window.outChannels,
    ),
    inSize: [window.inHeight, window.inWidth],
    outSize: [window.outHeight, window.outWidth],
    steps: [window.strideHeight, window.strideWidth],
    pads: [window.padInfo.top, window.padInfo.left],
    dilations: [window.dilationHeight, window.dilationWidth],
    filterWidth: [window.filterWidth],
    inChannels: [window.inChannels],
    outChannels: [window.outChannels],
  };
}

/** Steps in memory between neighbours along image, row, column and channel. */
function strides(
  { dataFormat }: Window,
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
  let line = quotient(index, size.y);
  let image = quotient(line, size.x);
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
  let tap = quotient(index, channels);
  let row = quotient(tap, uniforms.filterWidth);
  let column = tap - row * uniforms.filterWidth;
  return vec3<i32>(vec2<i32>(row, column) * uniforms.dilations,
                   index - tap * channels);
}`;

/**
 * The patches of the input as a matrix: `position` by `entry`. Used by the
 * forward pass and, transposed, by the filter gradient.
 *
 * @param count Uniforms that hold the count of positions and of entries.
 * @param byWindow Whether the four positions of a pooling window follow each
 * other.
 */
export function patchCode(
  { position, entry, vector, byWindow = false, count }: {
    position: string;
    entry: string;
    vector: boolean;
    byWindow?: boolean;
    count: { positions: string; entries: string };
  },
): string {
  const decode = byWindow ? "windowPositionOf" : "positionOf";
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
