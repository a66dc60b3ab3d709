// What the passes of Winograd's algorithm share: frames of four channels per
// pixel, and the sizes of their scratch.
import { frameQuads } from "./frame";
import { Geometry } from "./geometry";
import { unpool } from "./unpool";

/** Tiles transformed and multiplied at once. */
export const TILES: i32 = 32;

/** Bytes from plane to plane of `TILES` by `channels`. */
// @ts-ignore: decorator
@inline
export function planeBytes(channels: i32): usize {
  return (<usize>(TILES * channels) << 2) + 64;
}

/** Channels as framed: a multiple of four. */
// @ts-ignore: decorator
@inline
export function padded(channels: i32): i32 {
  return (channels + 3) & ~3;
}

/** Bytes of the planes of transformed images and of products, and of scratch for a tile. */
// @ts-ignore: decorator
@inline
export function planesBytes(channels: i32, outChannels: i32): usize {
  const rounded = (outChannels + 7) & ~7;
  return 36 * (planeBytes(padded(channels)) + planeBytes(rounded)) + 1024;
}

/** Bytes of a frame of tiles of `side` by `side` outputs, `border` pixels wider. */
// @ts-ignore: decorator
@inline
export function tiledBytes(g: Geometry, channels: i32, side: i32, border: i32): usize {
  const height = (g.outHeight + side - 1) / side * side + border;
  const width = (g.outWidth + side - 1) / side * side + border;
  return <usize>(height * width * padded(channels)) << 2;
}

/** Puts one image, or the gradient of its pooling, into a frame of zeros. */
// @ts-ignore: decorator
@inline
export function frameSource(
  source: usize,
  winners: usize,
  image: i32,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  top: i32,
  left: i32,
): void {
  if (winners == 0) {
    const from = source + (<usize>(image * height * width * channels) << 2);
    frameQuads(from, height, width, channels, frame, frameHeight, frameWidth, top, left);
  } else {
    const pooled = <usize>(image * (height >> 1) * (width >> 1) * channels);
    unpool(
      source + (pooled << 2),
      winners + pooled,
      height >> 1,
      width >> 1,
      channels,
      frame + (<usize>(top * frameWidth + left) << 4),
      16,
      <usize>frameWidth << 4,
      <usize>(frameHeight * frameWidth) << 4,
    );
  }
}
