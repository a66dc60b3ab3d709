import type { Window } from "../common/window.ts";

/** The uniforms that `poolingCode` reads. */
export function poolingIntegers(
  window: Window,
): Record<string, readonly number[]> {
  return {
    inSize: [window.inHeight, window.inWidth],
    outSize: [window.outHeight, window.outWidth],
    window: [window.filterHeight, window.filterWidth],
    steps: [window.strideHeight, window.strideWidth],
    pads: [window.padInfo.top, window.padInfo.left],
    channels: [window.inChannels],
  };
}

/**
 * What the programs of pooling share. In gradients each thread makes one element
 * of the input, so that nothing is added atomically.
 */
export const poolingCode = `
// Image, row, column and channel of an element of images of a size.
fn elementIn(index : i32, size : vec2<i32>) -> vec4<i32> {
  let pixel = index / uniforms.channels;
  let line = pixel / size.y;
  let image = line / size.x;
  return vec4<i32>(image, line - image * size.x, pixel - line * size.y,
                   index - pixel * uniforms.channels);
}

// The same of an element of the input.
fn elementOf(index : i32) -> vec4<i32> {
  return elementIn(index, uniforms.inSize);
}

// Where an element of an image plane lies.
fn indexOf(image : i32, at : vec2<i32>, channel : i32, size : vec2<i32>) -> i32 {
  return ((image * size.x + at.x) * size.y + at.y) * uniforms.channels + channel;
}

// First and last of the windows that hold an element: from the one that ends
// just after it to the one that starts at or before it.
fn firstWindow(at : vec2<i32>) -> vec2<i32> {
  return max((at + uniforms.pads - uniforms.window + uniforms.steps)
      / uniforms.steps, vec2<i32>(0));
}
fn lastWindow(at : vec2<i32>) -> vec2<i32> {
  return min((at + uniforms.pads) / uniforms.steps, uniforms.outSize - 1);
}`;
