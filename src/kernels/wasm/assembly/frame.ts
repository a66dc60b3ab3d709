// Frames of zeros around images, which remove every test at the borders.
import { Geometry } from "./geometry";

/** Rows of the frame of an image: as many as the windows reach. */
// @ts-ignore: decorator
@inline
export function frameHeight(g: Geometry): i32 {
  return max(0, g.outHeight - 1) * g.strideHeight + (g.filterHeight - 1) * g.dilationHeight + 1;
}

/** Columns of the frame of an image. */
// @ts-ignore: decorator
@inline
export function frameWidth(g: Geometry): i32 {
  return max(0, g.outWidth - 1) * g.strideWidth + (g.filterWidth - 1) * g.dilationWidth + 1;
}

/** Bytes of a frame, with a margin for loads of four that overrun the end. */
// @ts-ignore: decorator
@inline
export function frameBytes(g: Geometry): usize {
  return (<usize>(frameHeight(g) * frameWidth(g) * g.inChannels) << 2) + 16;
}

/** Copies one input image into its frame. */
export function frameImage(g: Geometry, image: usize, frame: usize): void {
  const height = g.inHeight, width = g.inWidth;
  const top = g.padTop, left = g.padLeft;
  const stepY = g.spreadHeight, stepX = g.spreadWidth;
  const rows = frameHeight(g), columns = frameWidth(g);
  const pixel = <usize>g.inChannels << 2;
  for (let y = 0; y < height; y++) {
    const toY = top + y * stepY;
    if (toY < 0 || toY >= rows) continue;
    const row = image + <usize>(y * width) * pixel;
    const frameRow = frame + <usize>(toY * columns) * pixel;
    if (stepX == 1) {
      const begin = max(0, -left);
      const end = min(width, columns - left);
      if (end > begin) {
        memory.copy(
          frameRow + <usize>(left + begin) * pixel,
          row + <usize>begin * pixel,
          <usize>(end - begin) * pixel,
        );
      }
    } else {
      for (let x = 0; x < width; x++) {
        const toX = left + x * stepX;
        if (toX < 0 || toX >= columns) continue;
        memory.copy(frameRow + <usize>toX * pixel, row + <usize>x * pixel, pixel);
      }
    }
  }
}

/**
 * The same with four channels per pixel, one frame after another: channels
 * [0, 4), [4, 8) and so on. Channels that the image lacks stay as they are.
 */
export function frameQuads(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  top: i32,
  left: i32,
): void {
  const quad = <usize>(frameHeight * frameWidth) << 4;
  const begin = max(0, -left);
  const end = min(width, frameWidth - left);
  for (let y = 0; y < height; y++) {
    const toY = top + y;
    if (toY < 0 || toY >= frameHeight) continue;
    let from = image + (<usize>((y * width + begin) * channels) << 2);
    let pixel = frame + (<usize>(toY * frameWidth + left + begin) << 4);
    for (let x = begin; x < end; x++) {
      let to = pixel;
      let c = 0;
      for (; c + 4 <= channels; c += 4) {
        v128.store(to, v128.load(from));
        from += 16;
        to += quad;
      }
      for (; c < channels; c++) {
        store<f32>(to, load<f32>(from));
        from += 4;
        to += 4;
      }
      pixel += 16;
    }
  }
}
