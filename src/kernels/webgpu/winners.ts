import type { TensorInfo } from "@tensorflow/tfjs";

/**
 * Which pixel of each 2x2 window won, and whether relu let it pass: one byte per
 * pooled element, four of them in an int32. 0: none; otherwise 1 plus the
 * position in reading order. Shape `[b, h, w, c / 4]`.
 */
export type Winners = TensorInfo;

/**
 * Reads a pooled gradient `dy` as if it had been spread to the pixels that won,
 * so that the spread gradient is never written.
 */
export const unpooledReader = `
alias Element_dy = vec4<f32>;
fn read_dy_at(image : i32, at : vec2<i32>, channel : i32) -> vec4<f32> {
  let pooled = at >> vec2<u32>(1u);
  let window = (image * (uniforms.outSize.x / 2) + pooled.x)
      * (uniforms.outSize.y / 2) + pooled.y;
  return read_dy_window(window, at, channel);
}
fn read_dy_window(window : i32, at : vec2<i32>, channel : i32) -> vec4<f32> {
  let index = (window * uniforms.outChannels + channel) >> 2;
  let won = vec4<i32>(winners[index]) >> vec4<u32>(0u, 8u, 16u, 24u);
  let place = ((at.x & 1) << 1) + (at.y & 1) + 1;
  return select(vec4<f32>(), dy[index], (won & vec4<i32>(255)) == vec4<i32>(place));
}`;
